// The story that the tour tells: what each step says about itself, and the scene that is played in it.

import * as scenes from "./scenes.js";

/** Who must be there for it. */
export const CAST = ["ann", "bob", "eve", "tess", "sam", "cora"];

/** `words` are spans, see values.js; `play(hands, it)`: see scenes.js. */
export const STEPS = [
  {
    title: "Ann wants to know how something is done",
    words: told`The knowledge base answers at once, and asks whether that helped. If it did not, a person would take over:
      Ann’s plan includes that (${"W14"}).`,
    play: scenes.asksHow,
  },
  {
    title: "Ann reports a problem",
    words: told`The very first answer has the case’s number (${"W55"}), her plan, and by when a person is expected to
      answer (${"W46"}). She may skip the questions after it: the case is open already.`,
    play: scenes.reports,
  },
  {
    title: "Time passes, and nobody has answered",
    words: told`At half of the time the desk’s channel is told, at three quarters Cora, the concierge of Ann’s company
      (${"W13"}). She acknowledges: that holds back the next warnings. The clock runs on.`,
    play: scenes.warns,
  },
  {
    title: "Sam takes the case",
    words: told`One press on its card. His reply reaches Ann in her own chat and counts as the response; his note is for
      the desk alone, and Ann never sees it.`,
    play: scenes.answers,
  },
  {
    title: "Only Ann can say that it is solved",
    words: told`Sam calls it solved, and Ann is asked. The case is closed when she says that it is (${"W59"}).`,
    play: scenes.closes,
  },
  {
    title: "Who may see it",
    words: told`Bob is Ann’s colleague: the case is his company’s, and he sees how it stands (${"W28"}). Eve works for
      another company: to her it does not exist.`,
    play: scenes.looks,
  },
  {
    title: "Another plan, another answer",
    words: told`Eve’s company has the Base plan, where the knowledge base answers how-to questions (${"W8"}). When none of
      it helps she hears just that, and what she can do instead.`,
    play: scenes.hasBase,
  },
  {
    title: "Another provider, other terms",
    words: told`Tess is a customer of Terrasoft, which publishes no response time (${"T7"}): so none is promised. Its
      Premium plan is for five licences or more (${"T9"}).`,
    play: scenes.hasTerrasoft,
  },
];

/** A sentence as spans; what is filled in are clauses. */
function told(words, ...clauses) {
  const spoken = words.map((part) => part.replace(/\s+/g, " "));
  return spoken.flatMap((part, index) => (index ? [{ kind: "clause", id: clauses[index - 1] }, part] : [part]));
}
