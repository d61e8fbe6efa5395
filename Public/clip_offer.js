// What the clip tool offers for the chosen interval: its cost as the server plans it, its download, link and command.
(function () {
  "use strict";
  var T = window.reelswarmClip.times;
  var modes = ["fast", "exact", "audio"];

  window.reelswarmClip.offer = function (clip) {
    var tool = clip.tool, part = clip.part, isSound = clip.isSound;
    var timer = null, asking = null, isLarge = false, endings = {};
    modes.forEach(function (mode) { endings[mode] = tool.dataset[mode].split(" ").filter(Boolean); });

    function query() { return "?start=" + clip.start + "&end=" + clip.end; }

    // Cost

    function stop() {
      clearTimeout(timer);
      if (asking) asking.abort();
      asking = null;
    }

    // Nothing is asked for a visitor who only watches, and nothing while a handle still moves.
    function ask() {
      stop();
      if (!clip.isUsed || !window.fetch) return;
      part("cost").classList.add("is-old");
      timer = setTimeout(function () {
        var mine = asking = new AbortController();
        fetch(tool.dataset.plan + query(), { signal: mine.signal, headers: { Accept: "application/json" } })
          .then(function (answer) {
            var wait = answer.headers.get("Retry-After");
            return answer.json().catch(function () { return {}; }).then(function (plan) {
              if (mine.signal.aborted) return;
              told(answer.ok, plan);
              // The film's index is still being made.
              if (!answer.ok && wait) timer = setTimeout(ask, T.within(Number(wait) || 5, 2, 60) * 1000);
            });
          })
          .catch(function () { if (!mine.signal.aborted) told(false, {}); });
      }, 300);
    }

    function told(isGood, plan) {
      var place = part("cost"), command = isGood && plan.links ? plan.links.command : null;
      place.classList.remove("is-old");
      place.textContent = isGood ? cost(plan) : plan.detail || "The server could not say what this clip costs.";
      isLarge = isGood && plan.bytes > 512 * 1024 * 1024;
      show();
      part("swarm").hidden = !command;
      if (!command) return;
      part("command").textContent = command;
      part("command-copy").dataset.copy = command;
      part("pieces").textContent = plan.pieces ? pieces(plan.pieces) : "Fetches only the pieces the clip needs.";
    }

    function cost(plan) {
      var text = size(plan.bytes) + ", " + percent(plan.percent) + " % of the film";
      var isEarly = !isSound && plan.actual_start < plan.start - 0.0005;
      return text + (isEarly ? "; begins at the key frame " + T.brief(T.round(plan.actual_start)) : "") + ".";
    }

    function pieces(found) {
      var words = found.count + (found.count === 1 ? " piece, " : " pieces, ") + size(found.bytes);
      return "Fetches " + words + ", and no more.";
    }

    function percent(share) { return share > 0 && share < 0.1 ? "less than 0.1" : String(T.tenth(share)); }

    function size(bytes) {
      var units = ["bytes", "KB", "MB", "GB", "TB"], unit = 0;
      while (bytes >= 1000 && unit < units.length - 1) { bytes /= 1000; unit += 1; }
      return (unit === 0 || bytes >= 100 ? Math.round(bytes) : T.tenth(bytes)) + " " + units[unit];
    }

    // Download and link

    function mode() {
      var chosen = tool.querySelector("[name=clip-mode]:checked");
      return chosen ? chosen.value : "fast";
    }

    function hint(mode, ending, isTooLong) {
      if (isTooLong) return "An exact clip is at most 10 minutes long. Take a shorter one, or the fast cut.";
      if (mode === "audio") return "The sound without the picture.";
      if (mode === "exact") {
        var how = isSound ? "cut exactly" : "exact to the frame";
        return "Encoded anew, " + how + ". Takes longer; at most 10 minutes.";
      }
      if (isSound) return "Copied as it is, ready at once.";
      // These can tell a player to begin later than at their first key frame, where the server need not stream them.
      var startsAsAsked = ["mp4", "m4v", "mov", "m4a"].indexOf(ending) >= 0 && !isLarge;
      return startsAsAsked ? "Copied as it is, ready at once. Players begin at the start you chose."
        : "Copied from the key frame on, ready at once.";
    }

    function show() {
      var ending = part("ending").value, isTooLong = mode() === "exact" && clip.end - clip.start > 600;
      var link = tool.querySelector("a[data-link=clip]"), words = hint(mode(), ending, isTooLong);
      if (part("mode-hint").textContent !== words) part("mode-hint").textContent = words;
      part("results").hidden = false;
      link.hidden = !ending;
      if (isTooLong) link.removeAttribute("href");
      else link.href = tool.dataset.cut + ending + query() + "&mode=" + mode();
      part("link").dataset.copy = location.origin + tool.dataset.page + "#t=" + clip.start + "," + clip.end;
      clip.each("[data-clip-field]", function (field) { field.value = String(clip[field.dataset.clipField]); });
    }

    // The times are no interval: there is nothing to offer.
    function withdraw() {
      stop();
      part("cost").textContent = "";
      part("results").hidden = true;
    }

    function fillEndings() {
      var select = part("ending"), kept = select.value;
      select.replaceChildren.apply(select, endings[mode()].map(function (ending) {
        return new Option(ending.toUpperCase(), ending);
      }));
      if (endings[mode()].indexOf(kept) >= 0) select.value = kept;
      show();
    }

    // Shows the ways of cutting that this film has, with one of them chosen.
    function showModes() {
      var first = modes.find(function (mode) { return endings[mode].length > 0; });
      var isEmpty = endings[mode()].length === 0;
      part("choice").hidden = !first;
      clip.each("[name=clip-mode]", function (choice) {
        choice.closest("label").hidden = endings[choice.value].length === 0 || isSound && choice.value === "audio";
        if (isEmpty && choice.value === first) choice.checked = true;
        choice.addEventListener("change", fillEndings);
      });
      tool.querySelector(".clip-modes").hidden = tool.querySelectorAll(".clip-modes label:not([hidden])").length < 2;
    }

    clip.each("[data-clip-plain]", function (link) { link.hidden = true; });
    part("ending").addEventListener("change", show);
    showModes();
    fillEndings();
    return { ask: ask, show: show, withdraw: withdraw };
  };
})();
