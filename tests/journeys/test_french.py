"""Ann reads French: a case from the first word to the last, with its times, its money and its plurals."""

import pytest

from bot.forms import ShowForm
from bot.incoming import Pressed
from bot.languages import translated
from tests.world import World


def plainly(said: "str | ShowForm | None") -> str:
    """Without what only keeps a line together."""
    return str(said).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.fixture
async def french(desk: World) -> World:
    await desk.says("ann", "language fr")
    assert plainly(desk.last("ann")) == "Je vous écris désormais dans cette langue : français."
    return desk


async def test_a_case_in_french(french: World) -> None:
    await french.says("ann", "ouvrir un dossier: le formulaire de soumission ne fonctionne plus")
    heard = [plainly(text) for text in french.heard("ann")]
    receipt, question = heard[-2:]
    assert receipt.splitlines()[:3] == [
        "Merci, Ann Lee. Votre dossier porte le numéro #1001.",
        "Forfait : Success with CRM",
        "Réponse prévue : au plus tard le lun. 19 janv. 13 h 00 HE, soit 4 heures ouvrables (W46)",
    ]
    assert "Compté en heures ouvrables, lun.–ven. 08 h 00–18 h 00 HE (W47)" in receipt
    assert "The page names no holidays: we count none." in receipt, "the provider's own words stay as they are printed"
    assert question == "Que se passe-t-il exactement, et où le voyez-vous ?\n[Passer]"
    asked = plainly(await french.says("ann", "passer"))
    assert asked.startswith("À quel point est-ce grave ? Vous proposez, le centre d’assistance en convient avec vous.")
    assert asked.endswith("[Critique] [Élevée] [Normale] [Faible] [Passer]")
    await french.says("ann", "élevée")
    done = plainly(await french.presses("ann", "Passer"))
    assert done == "Merci. C’est tout pour le dossier #1001 ; le centre d’assistance l’a reçu."


async def test_news_the_close_and_the_confirmation(french: World) -> None:
    await french.says("ann", "ouvrir le formulaire est brisé")
    for _ in range(3):
        await french.says("ann", "passer")
    await french.says("sam", "/reply 1001 We look into it")
    assert plainly(french.last("ann")).startswith(
        "Sam Ortiz (centre d’assistance) a répondu au dossier #1001.\n"
        "Sam Ortiz (centre d’assistance) :\n> We look into it"
    )
    card = plainly(await french.says("ann", "statut 1001"))
    assert "État : en cours de traitement" in card
    assert "Première réponse : à temps, lun. 19 janv. 09 h 00 HE" in card
    await french.says("sam", "/close 1001 The form works again")
    assert "Est-ce résolu pour vous ? Le dossier ne se ferme que si vous le dites (W59)." in plainly(french.last("ann"))
    closed = plainly(await french.presses("ann", "Oui, le fermer"))
    assert closed.startswith("Merci. Le dossier #1001 est fermé. Si le problème revient, rouvrez-le.")
    assert "Rouvrir" in closed


async def test_what_the_desk_reads_stays_in_the_desks_language(french: World) -> None:
    await french.says("ann", "ouvrir le formulaire est brisé")
    assert "Ann Lee (customer) opened #1001." in french.last("desk")
    assert "Status: new" in french.card()
    await french.says("bob", "/status 1001")
    assert "Status: new" in french.last("bob"), "each contact has a language of their own"


async def test_money_and_refusals(french: World) -> None:
    plan = plainly(await french.says("ann", "mon forfait"))
    assert "774 $ par mois pour le premier utilisateur" in plan
    assert "Réponse prévue : 4 heures ouvrables" in plan
    assert plainly(await french.says("ann", "statut 4711")) == "Il n’y a pas de dossier #4711."
    assert plainly(await french.says("ann", "language xx")).startswith("xx ne figure pas parmi ces choix")
    assert "Ce que vous pouvez dire" in plainly(await french.says("ann", "aide"))


async def test_a_form_is_worded_for_whoever_fills_it_in(french: World) -> None:
    form = await french.does("ann", Pressed("open"), forms=True, at_once=True)
    assert isinstance(form, ShowForm)
    assert (form.title, form.submit, form.language) == ("Ouvrir un dossier", "Envoyer", "fr")
    assert form.fields[0].label == translated("fr", "What is going wrong?")
    assert dict(form.fields[2].choices)["high"] == "Élevée"
    again = await french.fills("ann", "open_case", problem="x")
    assert isinstance(again, ShowForm)
    assert again.fields[0].mistake == "Veuillez en écrire un peu plus."


async def test_a_question_under_way_is_asked_again_in_the_new_language(desk: World) -> None:
    await desk.says("ann", "open the form is broken")
    await desk.says("ann", "language fr")
    assert plainly(desk.last("ann")).startswith("Que se passe-t-il exactement")
    await desk.says("ann", "langue en")
    assert desk.last("ann").startswith("What exactly happens")


async def test_a_word_that_is_waited_for_reads_well_whoever_gives_it(desk: World) -> None:
    """W27: no "de Ann Lee", and answers in one's own words."""
    await desk.says("bob", "language fr")
    await desk.says("bob", "ouvrir le formulaire est brisé")
    receipt = plainly(next(said for said in desk.heard("bob") if "#1001" in said))
    assert "Les demandes de votre entreprise passent par Ann Lee (W27) : l’accord est demandé" in receipt
    await desk.says("bob", "passer")
    assert "Quelque chose a-t-il changé" in str(await desk.says("bob", "plutôt élevée"))
    assert plainly(await desk.says("bob", "passer")).endswith("il attend un accord, par Ann Lee.")
    assert "4 heures au compteur, il reste 0 minute" in plainly(await desk.says("bob", "why 1001"))


async def test_figures_say_what_they_are_of(desk: World) -> None:
    """W10, T9, T18: no plan twice in a row of prices, no price for nobody, and what the page says nearest in words."""
    assert "- Premium needs 5 licences or more; there are 2. (T9)" in str(await desk.says("tess", "price 2"))
    assert str(await desk.says("ann", "price 0")).startswith("Prices\n")
    said = str(await desk.says("tess", "what are your opening hours?"))
    assert "Nearest to it: The page says nothing of hours, phone, escalation or closing. (T18)" in said
