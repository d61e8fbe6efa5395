// While a film of its own is made of a clip: shows how far it is on the clip's page, and what has come of it at last.
// Without this file the page has a link to look again.
(function () {
  "use strict";
  var place = document.getElementById("own-film");
  if (!place || !window.fetch || !window.DOMParser) return;

  async function refresh() {
    if (!document.hidden) {
      try {
        var answer = await fetch(location.pathname, { credentials: "same-origin" });
        // The clip is gone, or its film: the page says so.
        if (answer.status === 404 || answer.status === 410) return location.reload();
        if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      } catch (error) {
        // The server is away for a moment; the next round asks again.
      }
    }
    again();
  }

  function again() { if (place.hasAttribute("data-moving")) setTimeout(refresh, 1000); }

  function show(page) {
    var fresh = page.getElementById("own-film");
    if (!fresh) return;
    if (fresh.hasAttribute("data-moving")) return move(fresh);
    place.removeAttribute("data-moving");
    place.replaceChildren.apply(place, Array.from(fresh.childNodes));
    manage(page.getElementById("manage-clip"));
  }

  // Only what has changed, so that no reader is told the same again.
  function move(fresh) {
    var words = place.querySelector("[data-making-words]"), told = fresh.querySelector("[data-making-words]");
    var bar = place.querySelector("progress"), value = fresh.querySelector("progress").getAttribute("value");
    if (words.textContent !== told.textContent) words.textContent = told.textContent;
    if (value === null) bar.removeAttribute("value"); else bar.value = Number(value);
  }

  // What can be done with the clip now, but not under somebody who is at it.
  function manage(fresh) {
    var old = document.getElementById("manage-clip");
    if (!old || !fresh || old.contains(document.activeElement) || old.querySelector("details[open]")) return;
    old.replaceWith(fresh);
  }

  place.setAttribute("aria-live", "polite");
  again();
})();
