// SPDX-License-Identifier: Apache-2.0
// nlp.js as its documentation sets it up, English only: rows of [text, intent] in, something that answers out.
import { containerBootstrap, LangEn, Nlp } from '@nlpjs/basic';

// The same order on every run: a small generator (mulberry32) and the usual way to shuffle. What nlp.js learns depends
// on the order of its rows, and rows sorted by intent are its worst case.
export function shuffled(rows, seed = 1) {
  const list = [...rows];
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

// A container of its own for each: the one that dockStart() gives is shared, and a second training would go on top of
// the first.
export async function trained(rows, answerOf) {
  const container = await containerBootstrap();
  container.use(LangEn);
  const nlp = new Nlp({ container, autoSave: false, forceNER: false, nlu: { log: false } });
  nlp.addLanguage('en');
  for (const [text, intent] of shuffled(rows)) nlp.addDocument('en', text, intent);
  if (answerOf) for (const intent of new Set(rows.map((row) => row[1]))) nlp.addAnswer('en', intent, answerOf(intent));
  await nlp.train();
  return nlp;
}
