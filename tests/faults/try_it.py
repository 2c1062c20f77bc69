import asyncio, shutil, sys, tempfile, time, os
from pathlib import Path
from tests.conftest import migrate
from tests.world import seed
from tests.faults.life import zygote
from tests.faults.trial import Plan, campaign, RECORDED
from store.store import open_store
NAMES=("before commit","after commit","after claim","before send","after send","after settle",RECORDED)
async def main():
    n=int(sys.argv[1]); mutation=sys.argv[2] if len(sys.argv)>2 else ""
    start=int(sys.argv[3]) if len(sys.argv)>3 else 0
    folder=Path(tempfile.mkdtemp(prefix="kills-"))
    db=folder/"desk.db"
    await asyncio.to_thread(migrate, f"sqlite:///{db}")
    s=open_store(f"sqlite:///{db}"); await s.write(seed,"fake",True); await s.close()
    plans=[]
    for i in range(start,start+n):
        shutil.copy(db, folder/f"{i}.db")
        plans.append(Plan(i,f"sqlite:///{folder}/{i}.db",NAMES[i%7],NAMES,mutation=mutation))
    with zygote(folder) as door:
        t=time.perf_counter(); c=os.times()
        tally=await campaign(plans,door,folder)
        c2=os.times()
        print(tally, dict(tally.hit), f"{time.perf_counter()-t:.1f}s driver cpu {c2.user-c.user+c2.system-c.system:.1f}")
        for v in tally.violations: print(v)
    print(folder)
asyncio.run(main())
