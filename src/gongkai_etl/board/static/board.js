// Small conveniences; every page works without them.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const search = document.querySelector("input[data-filter]");
  if (search) {
    const rows = document.querySelectorAll(`#${search.dataset.filter} tbody tr`);
    search.addEventListener("input", () => {
      const words = search.value.trim();
      rows.forEach((row) => { row.hidden = words !== "" && !row.textContent.includes(words); });
    });
  }
  document.querySelectorAll("form.handin").forEach((form) => {
    const file = form.querySelector("input[type=file]");
    file.addEventListener("change", () => {
      const chosen = file.files[0];
      const big = chosen && chosen.size > Number(file.dataset.maxMb) * 1048576;
      file.setCustomValidity(big ? `文件超过${file.dataset.maxMb} MB` : "");
      file.reportValidity();
    });
    form.addEventListener("submit", () => { form.querySelector(".busy").hidden = false; });
  });
  document.querySelectorAll(".proof img").forEach((picture) => {
    const missing = () => { picture.closest("figure").hidden = true; document.querySelector(".no-picture").hidden = false; };
    picture.addEventListener("error", missing);
    if (picture.complete && picture.naturalWidth === 0) { missing(); }
  });
  document.querySelectorAll("input.copy").forEach((box) => box.addEventListener("focus", () => box.select()));
});
