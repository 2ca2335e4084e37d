"use strict";
(() => {
  const form = document.getElementById("filters");
  const status = form.querySelector("[role=status]");
  const hits = Array.from(document.querySelectorAll(".hit"), hit => ({
    hit, mark: hit.querySelector("mark"), tags: Array.from(hit.querySelectorAll(".tag")),
  }));

  // Hides the tags that do not fit; a sentence looks like the first of its tags that does, for they stand likeliest first.
  function filter() {
    const labels = new Set(Array.from(form.querySelectorAll("[name=label]:checked"), box => box.value));
    const speaker = form.elements.speaker.value, least = Number(form.elements.least.value) / 100;
    let shown = 0;
    for (const { hit, mark, tags } of hits) {
      for (const tag of tags) {
        const { label, p, speaker: own } = tag.dataset;
        tag.hidden = !labels.has(label) || Number(p) < least || (speaker !== "" && speaker !== own);
      }
      const first = tags.find(tag => !tag.hidden);
      if (first) mark.className = "l" + first.dataset.label; else mark.removeAttribute("class");
      hit.classList.toggle("off", !first);
      shown += first ? 1 : 0;
    }
    form.querySelector("output").value = form.elements.least.value + "%";
    status.textContent = `${shown} of ${hits.length} tagged sentences shown`;
  }

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", event => event.preventDefault());
  // The form is reset only after this event.
  form.addEventListener("reset", () => setTimeout(filter));
  filter();
})();
