// What the clip tool offers for the chosen interval: its cost as the server plans it, its download, link and command.
(function () {
  "use strict";
  var T = window.reelswarmClip.times;
  var modes = ["fast", "exact", "audio"];

  window.reelswarmClip.offer = function (clip) {
    var tool = clip.tool, part = clip.part, isSound = clip.isSound;
    var timer = null, asking = null, isLarge = false, endings = {}, planned = null, problem = "";
    var served = part("command").textContent;
    modes.forEach(function (mode) { endings[mode] = listed(mode); });
    // The sound can be copied, or encoded into what it cannot be copied into.
    var encoded = listed("exactAudio").filter(function (ending) { return endings.audio.indexOf(ending) < 0; });
    if (!isSound) endings.audio = endings.audio.concat(encoded);

    function listed(name) { return tool.dataset[name].split(" ").filter(Boolean); }

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
              told(answer.ok, plan, Boolean(wait));
              if (!answer.ok && wait) timer = setTimeout(ask, pause(plan, Number(wait) || 5) * 1000);
            });
          })
          .catch(function () { if (!mine.signal.aborted) told(false, {}); });
      }, 300);
    }

    // Seconds until asking again. The index of a film that was just published is made in no time.
    function pause(plan, wait) { return plan.code === "no_clip_index" ? 2 : T.within(wait, 2, 60); }

    function told(isGood, plan, waits) {
      part("cost").classList.remove("is-old");
      planned = isGood ? plan : null;
      problem = isGood ? "" : uncosted(plan, waits);
      isLarge = isGood && plan.bytes > 512 * 1024 * 1024;
      part("pieces").textContent = isGood && plan.pieces ? pieces(plan.pieces)
        : "Fetches only the pieces the clip needs.";
      show();
    }

    function uncosted(plan, waits) {
      if (plan.code !== "no_clip_index") return plan.detail || "The server could not say what this clip costs.";
      return waits
        ? "This film was just published and is still being read. What the clip costs shows here in a moment."
        : "What this clip costs cannot be told of this film.";
    }

    // What is read of the film; only a copy of all of it is about as large itself.
    function cost(plan) {
      var text = size(plan.bytes) + ", " + percent(plan.percent) + " % of the film.";
      return mode() === "fast" ? text : "Made from " + text;
    }

    // Where a copy begins, if that is known and lies before the chosen start.
    function keyFrame() {
      if (isSound || !planned || Math.abs(planned.start - clip.start) > 0.0005) return null;
      return planned.actual_start < planned.start - 0.0005 ? T.brief(T.round(planned.actual_start)) : null;
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

    function isEncoded(ending) { return mode() === "exact" || mode() === "audio" && encoded.indexOf(ending) >= 0; }

    function hint(mode, ending, isTooLong) {
      if (isTooLong) {
        return mode === "audio"
          ? "Sound is encoded anew for at most 10 minutes. Take a shorter clip, or another format."
          : "An exact clip is at most 10 minutes long. Take a shorter one, or the fast cut.";
      }
      if (mode === "audio") {
        return "The sound without the picture, " + (isEncoded(ending) ? "encoded anew." : "copied as it is.");
      }
      return (mode === "exact" ? exactHint() : copyHint(ending))
        + (listed("mute").indexOf(ending) >= 0 ? " Subtitles are left out." : "");
    }

    function exactHint() {
      var how = isSound ? "cut exactly" : "exact to the frame";
      return "Encoded anew, " + how + ". Takes longer; at most 10 minutes.";
    }

    function copyHint(ending) {
      var frame = keyFrame();
      if (isSound) return "Copied as it is, ready at once.";
      // These can tell a player to begin later than at their first key frame, where the server need not stream them.
      if (["mp4", "m4v", "mov", "m4a"].indexOf(ending) >= 0 && !isLarge) {
        return "Copied as it is, ready at once. Plays from the start you chose"
          + (frame ? "; the file itself holds the film from the key frame " + frame + " on." : ".");
      }
      if (!frame) return "Copied as it is, ready at once, from the key frame on.";
      return "Copied as it is, ready at once. Begins at the key frame " + frame + ", before the start you chose.";
    }

    function show() {
      var ending = part("ending").value, isTooLong = isEncoded(ending) && clip.end - clip.start > 600;
      var link = tool.querySelector("a[data-link=clip]");
      write("mode-hint", hint(mode(), ending, isTooLong));
      if (planned || problem) write("cost", planned ? cost(planned) : problem);
      part("results").hidden = false;
      link.hidden = !ending;
      if (isTooLong) link.removeAttribute("href");
      else link.href = tool.dataset.cut + ending + query() + "&mode=" + (isEncoded(ending) ? "exact" : mode());
      part("link").dataset.copy = location.origin + tool.dataset.page + "#t=" + clip.start + "," + clip.end;
      clip.each("[data-clip-field]", function (field) { field.value = String(clip[field.dataset.clipField]); });
      part("swarm").hidden = !served || isTooLong;
      if (served) part("command-copy").dataset.copy = part("command").textContent = command(ending);
    }

    // The server's command with the times, the way and the file's name that are chosen now.
    function command(ending) {
      var span = [clip.start, clip.end].map(function (time) { return T.brief(time).replace(/:/g, "."); }).join("-");
      return served
        .replace(/ --start \S+ --end \S+ -o /, " --start " + clip.start + " --end " + clip.end
          + (isEncoded(ending) ? " --exact" : "") + " -o ")
        .replace(/ [\d.]+-[\d.]+\.[a-z0-9]+'$/, " " + span + "." + ending + "'");
    }

    function write(name, words) { if (part(name).textContent !== words) part(name).textContent = words; }

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
