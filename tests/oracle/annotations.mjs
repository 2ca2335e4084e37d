// Finds each annotated sentence in its article with Apache Annotator, by its quote and by its position:
//   npm install @apache-annotator/dom @apache-annotator/selector jsdom
//   rhetor classify ARTICLE --format annotations > annotations.jsonl && node annotations.mjs annotations.jsonl ARTICLE
import { readFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';
const dom = new JSDOM('<pre></pre>');
for (const n of ['window','document','Node','NodeFilter','Range','Document','Text']) globalThis[n] = n === 'window' ? dom.window : dom.window[n];
const { createTextQuoteSelectorMatcher, createTextPositionSelectorMatcher } = await import('@apache-annotator/dom');
const [annotations, article] = process.argv.slice(2);
const pre = document.querySelector('pre');
pre.textContent = readFileSync(article, 'utf8');
let found = 0;
for (const line of readFileSync(annotations, 'utf8').trim().split('\n')) {
  const annotation = JSON.parse(line);
  for (const selector of annotation.target.selector) {
    const matcher = selector.type === 'TextQuoteSelector' ? createTextQuoteSelectorMatcher(selector) : createTextPositionSelectorMatcher(selector);
    const texts = [];
    for await (const range of matcher(pre)) texts.push(range.toString());
    const quote = annotation.target.selector[0].exact;
    if (texts.length !== 1 || texts[0] !== quote) throw new Error(`${selector.type}: ${JSON.stringify(texts)} for ${quote}`);
    found++;
  }
}
console.log(`${found} selectors each found their sentence, once`);
