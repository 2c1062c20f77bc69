"""Ordinary questions about what a provider publishes, one for everything that a catalogue can answer or leave open."""

import re

LONGEST = 140
"""Characters: who writes more tells of something besides asking."""
_ASKS = re.compile(
    r"(?:(?:hi|hello|hey)\W+|please |and |so )?"
    r"(?:if|who|whose|what|when|where|which|why|how|do|does|did|is|are|was|can|could|may|must|should|will|would)\b[^.!\n]*",
    re.I,
)
_OURS = re.compile(
    r"\b(?:error|fails?|failed|broken|crash\w*|doesn't|does not|not working|can't|cannot|unable)\b", re.I
)


def fact_asked(words: str) -> str | None:
    """What a catalogue calls it. Only plain questions are read: anything that tells of trouble is a report."""
    said = words.strip()
    if len(said) > LONGEST or not _ASKS.fullmatch(said.rstrip("?").strip()) or _OURS.search(said):
        return None
    return next((name for name, pattern in _FACTS.items() if pattern.search(said)), None)


def _about(*patterns: str) -> "re.Pattern[str]":
    return re.compile("|".join(patterns), re.I)


# The first that fits: what is said more exactly stands first.
_FACTS = {
    "terminated_by_provider": _about(r"\b(?:can|could|may|will) (?:you|the provider|\w+) (?:end|cancel|terminate)"),
    "pre_existing_work": _about(r"\b(?:pre-?existing|brought along|had before|own tools|already (?:built|made))\b"),
    "new_work": _about(r"\b(?:source|underlying) code\b", r"\b(?:get|have|receive) (?:all )?(?:the|our|its) code\b"),
    "work_ownership": _about(
        r"\bwho owns\b",
        r"\bown(?:s|ership)?\b.{0,30}\b(?:code|work|customi[sz]ations?)\b",
        r"\bcustomi[sz]ations?\b.{0,40}\b(?:leave|left|end|ends|cancel)\b",
        r"\bintellectual property\b",
    ),
    "implementation_payment": _about(
        r"\b(?:pay|paid|payment|due|billed)\b.{0,30}\bimplementation\b",
        r"\bimplementation\b.{0,30}\b(?:paid|pay|due)\b",
    ),
    "refunds": _about(r"\brefund(?:s|ed)?\b", r"\bmoney back\b"),
    "price_period": _about(
        r"\bprice\b.{0,30}\b(?:per|a|each|every) (?:year|month)\b",
        r"\b(?:yearly|annual|one-?off)\b.{0,20}\bprice\b",
        r"\bhow often\b.{0,25}\bpay\b",
    ),
    "payment": _about(
        r"\bwhat happens\b.{0,20}\b(?:do not|don't|did not|didn't|never|stop)\b.{0,15}\b(?:pay|paying)\b",
        r"\bwhat if\b.{0,20}\b(?:do not|don't|stop)\b.{0,15}\b(?:pay|paying)\b",
        r"\bwhen\b.{0,30}\b(?:pay|paid|payment|invoiced?|billed|due)\b",
        r"\bin advance\b",
        r"\bpayment terms?\b",
    ),
    "price_list": _about(r"\bwhich price ?list\b", r"\bprice ?list\b"),
    "notice": _about(r"\bnotice(?: period)?\b"),
    "cancellation": _about(
        r"\bhow\b.{0,20}\bcancel\b(?!.{0,30}\b(?:case|order|quote|job|import|workflow)\b)", r"\bcancellation\b"
    ),
    "terms_change": _about(r"\b(?:terms|conditions)\b.{0,30}\bchange\b", r"\bchange\b.{0,30}\b(?:terms|conditions)\b"),
    "trial_licence": _about(r"\btrial\b"),
    "contract_length": _about(
        r"\bhow long\b.{0,30}\b(?:contract|agreement|support)\b",
        r"\b(?:minimum|least)\b.{0,20}\b(?:term|contract|year)\b",
    ),
    "contract_start": _about(
        r"\bbefore\b.{0,20}\bgo(?:ing)? live\b", r"\bwhen\b.{0,30}\bcontract\b.{0,10}\b(?:start|begin)"
    ),
    "contract_scope": _about(
        r"\bwhat\b.{0,20}\b(?:contract|support)\b.{0,15}\b(?:for|cover)\b.{0,20}\bmicrosoft\b",
        r"\bwhich (?:microsoft )?services\b",
    ),
    "get_started": _about(r"\bget started\b", r"\bsign up\b", r"\bhow\b.{0,20}\b(?:become a customer|begin)\b"),
    "premium_rule": _about(
        r"\bwho\b.{0,20}\b(?:can|may)\b.{0,20}\bpremium\b", r"\bpremium\b.{0,20}\b(?:for whom|need|require|condition)"
    ),
    "plan_comparison": _about(
        r"\b(?:difference|compare|comparison)\b.{0,30}\bplans?\b", r"\bplans?\b.{0,20}\b(?:differ|compare)"
    ),
    "plans": _about(r"\bwhich plans\b", r"\bwhat plans\b", r"\bhow many plans\b"),
    "upgrade": _about(
        r"\bwhat\b.{0,25}\b(?:higher|bigger|next|better) plan\b",
        r"\bwhat\b.{0,20}\bupgrad(?:e|ing)\b.{0,20}\b(?:bring|get|give|plan)",
    ),
    "licence_purchase": _about(
        r"\b(?:buy|buying|bought|purchase|get|order)\b.{0,30}\blicen[cs]es?\b.{0,20}\bwithout\b",
        r"\blicen[cs]es?\b.{0,20}\bwithout support\b",
    ),
    "extension": _about(
        r"\b(?:add|adding|more|additional)\b.{0,20}\blicen[cs]es?\b.{0,40}\b(?:longer|extend|period|lengthen)"
    ),
    "licensing": _about(
        r"\b(?:everybody|everyone|all users|each user|every user)\b.{0,30}\b(?:licen[cs]ed?|seats?)\b",
        r"\bhow many (?:licen[cs]es|seats)\b.{0,20}\bneed\b",
    ),
    "product_coverage": _about(r"\b(?:only )?(?:some|part|one) of our products\b", r"\bpart of (?:the|our) products\b"),
    "products": _about(r"\bwhich products\b", r"\bwhat products\b"),
    "version_requirement": _about(
        r"\b(?:latest|newest|which) versions?\b.{0,40}\b(?:buy|purchase|sign|need)",
        r"\b(?:buy|purchase|sign)\b.{0,40}\b(?:latest|newest) version",
    ),
    "version_update": _about(
        r"\b(?:who|do you|will you|can you)\b.{0,20}\b(?:carry out|do|run|install)\b.{0,20}\b(?:version )?updates?\b"
    ),
    "new_versions": _about(r"\bnew (?:product )?versions?\b"),
    "patches": _about(
        r"\b(?:patch(?:es)?|hotfix(?:es)?|crucial updates?|security updates?)\b.{0,20}\b(?:included|free|get|part)",
        r"\b(?:get|include)\b.{0,20}\bpatches\b",
    ),
    "areas": _about(r"\b(?:which|what) (?:areas|topics|subjects)\b", r"\bwhat\b.{0,20}\badvise\b.{0,10}\bon\b"),
    "advice_outside": _about(r"\b(?:advice|advise|help)\b.{0,25}\b(?:network|lan|operating system)\b"),
    "title": _about(
        r"\bwhat is this (?:service|support)\b", r"\bwhat kind of support\b", r"\bwhat is this support for\b"
    ),
    "quotas": _about(
        r"\b(?:limit|limits|quota|quotas|maximum)\b.{0,30}\b(?:cases|requests|tickets|questions)\b",
        r"\bhow many (?:cases|requests|tickets|questions)\b.{0,20}\b(?:may|can|have|allowed|open)\b",
    ),
    "attachment_limit": _about(
        r"\bhow (?:big|large)\b.{0,30}\b(?:attachment|file|screenshot)s?\b",
        r"\battachment (?:size|limit)s?\b",
        r"\b(?:maximum|largest)\b.{0,20}\b(?:attachment|file)\b",
    ),
    "resolution_time": _about(
        r"\bhow (?:long|fast|quickly|soon)\b.{0,30}\b(?:cases?|tickets?|requests?|problems?|issues?)\b.{0,15}"
        r"\b(?:resolved|solved|fixed|closed)\b",
        r"\bhow (?:long|fast|quickly|soon)\b.{0,20}\b(?:resolve|solve|fix)\b.{0,20}"
        r"\b(?:cases?|tickets?|requests?|problems?|issues?)\b",
        r"\btime to (?:resolution|resolve|fix)\b",
    ),
    "auto_close": _about(
        r"\bauto(?:matic(?:ally)?)?.?close",
        r"\bclose\b.{0,20}\b(?:cases?|tickets?|requests?)\b.{0,20}\b(?:automatically|by (?:itself|themselves))",
        r"\b(?:cases?|tickets?)\b.{0,20}\bclosed? (?:by (?:itself|themselves)|automatically)",
    ),
    "satisfaction_survey": _about(r"\b(?:satisfaction|csat)\b", r"\bsurveys?\b"),
    "currency": _about(r"\b(?:which|what) currency\b", r"\b(?:us|canadian) dollars\b"),
    "accepted_priority": _about(r"\bwho\b.{0,20}\b(?:decides|sets|settles|agrees)\b.{0,20}\bpriority\b"),
    "priority_change": _about(
        r"\b(?:can|will|do)\b.{0,20}\bchange\b.{0,20}\bpriority\b", r"\bpriority\b.{0,20}\bchanged?\b"
    ),
    "priorities": _about(r"\b(?:which|what|how many) (?:priorities|priority levels)\b"),
    "case_number": _about(
        r"\b(?:case|ticket|request)\b.{0,20}\b(?:get|have) (?:a|an) (?:number|id)\b",
        r"\bhow\b.{0,20}\b(?:numbered|case number)\b",
    ),
    "eligibility": _about(r"\b(?:eligible|eligibility)\b"),
    "allocation": _about(
        r"\bwho\b.{0,25}\b(?:works on|is assigned|gets|handles|contacts me)\b.{0,20}\b(?:case|request|ticket)?"
    ),
    "appointment": _about(r"\bwhen\b.{0,20}\b(?:get back|contact|call)\b.{0,10}\b(?:me|us)\b"),
    "scheduling": _about(r"\b(?:schedule|scheduled|agree on a time|convenient time)\b"),
    "first_line": _about(
        r"\b(?:level (?:1|one)|first line)\b", r"\bwho\b.{0,15}\banswers\b.{0,15}\b(?:phone|portal|mail|first)\b"
    ),
    "contact_rule": _about(
        r"\bwho\b.{0,20}\b(?:may|can|is allowed to)\b.{0,20}\b(?:open|raise|ask|consult|contact)\b",
        r"\bcan (?:any|every)(?:body|one)\b.{0,20}\b(?:open|ask)\b",
        r"\bnominated\b",
        r"\bhow many (?:contact|(?:we|i|you|somebody|someone|people|users))\b.{0,20}\b(?:ask|consult|contact)\b",
    ),
    "concierge": _about(r"\bconcierge\b", r"\baccount manager\b"),
    "coach": _about(r"\bcoach\b", r"\bfunctional consultant\b"),
    "discretion": _about(r"\bwho\b.{0,20}\bdecides\b.{0,30}\b(?:support|covered|included)\b"),
    "client_caused": _about(
        r"\b(?:our|my) (?:own )?(?:changes?|mistakes?|workflows?)\b.{0,30}\b(?:charged?|cost|pay|bill)",
        r"\b(?:charged?|pay|bill)\b.{0,40}\b(?:our|my) own (?:changes?|mistakes?)",
    ),
    "mini_project": _about(r"\bmore than (?:an|one|1) hour\b", r"\bmini.?projects?\b", r"\btime and materials?\b"),
    "phase_two": _about(r"\bphase (?:2|two|ii)\b"),
    "tweaks": _about(r"\btweaks?\b", r"\bsmall changes\b"),
    "architecture_change": _about(r"\barchitecture\b", r"\bdesign changes?\b"),
    "process_advice": _about(r"\bprocess (?:advice|consulting)\b", r"\badvi[cs]e\b.{0,20}\b(?:process|how we work)"),
    "custom_code": _about(
        r"\b(?:custom code|plug-?ins?)\b.{0,30}\b(?:upgrade|test|support|cover)",
        r"\b(?:test|support)\b.{0,20}\b(?:custom code|plug-?ins?)\b",
    ),
    "hardware": _about(
        r"\bhardware\b.{0,30}\b(?:support|cover|help|includ)", r"\b(?:support|help with|fix)\b.{0,20}\bhardware\b"
    ),
    "reports": _about(
        r"\b(?:power bi|ssrs|reports?)\b.{0,20}\b(?:support(?:ed)?|included|covered|part of)\b",
        r"\b(?:support|make|build|help with)\b.{0,20}\b(?:power bi|ssrs|reports)\b",
    ),
    "how_do_i": _about(
        r"\bhow.to questions\b", r"\bhow.do.i questions\b", r"\b(?:answer|ask)\b.{0,15}\bhow\b.{0,20}\bquestions\b"
    ),
    "goal": _about(r"\b(?:goal|purpose|point|aim) of\b.{0,20}\b(?:support|contract|service)\b"),
    "self_service": _about(r"\bself.?service\b", r"\bsee\b.{0,20}\b(?:status|history) of\b.{0,15}\brequests\b"),
    "portal": _about(r"\bwhere\b.{0,20}\bportal\b", r"\b(?:is there|have) a portal\b"),
    "channels": _about(
        r"\b(?:which|what) channels\b", r"\bhow\b.{0,15}\b(?:reach|contact)\b.{0,10}\b(?:you|support|the desk)\b"
    ),
    "support_email": _about(r"\b(?:support|your) (?:e-?mail|mail) ?(?:address)?\b(?!.{0,20}\bescalat)"),
    "email": _about(
        r"\b(?:write|send)\b.{0,15}\b(?:an? )?e-?mails?\b.{0,15}\b(?:you|support|desk)\b", r"\bby e-?mail\b"
    ),
    "escalation": _about(r"\bhow\b.{0,20}\bescalate\b", r"\bescalation\b(?! (?:address|mail|e-?mail))"),
}
