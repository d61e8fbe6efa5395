// The page's player in the service of the clip tool: it shows where a handle stands, plays the clip in a loop as a
// preview, and stops at the end of a link's interval.
(function () {
  "use strict";
  var T = window.reelswarmClip.times;

  window.reelswarmClip.player = function (clip, player) {
    var preview = clip.part("preview"), canPlay = Boolean(player) && !player.error;
    var isPreviewing = false, stopsAt = null, wanted = null, frame = 0;

    function now() { return player ? player.currentTime : 0; }

    function ready(work) {
      if (!canPlay) return;
      if (player.readyState > 0) work(); else player.addEventListener("loadedmetadata", work, { once: true });
    }

    function seek(time) { ready(function () { stopsAt = null; player.currentTime = Math.min(time, clip.duration); }); }

    // Goes to a link's interval; an end of null is the film's own.
    function open(start, end) {
      seek(start);
      ready(function () { stopsAt = end; });
    }

    // While a handle moves the player shows the place, one seek after the other. Its last frame lies before its end.
    function peek(time) {
      if (!canPlay) return;
      stopPreview();
      if (!player.paused) player.pause();
      wanted = Math.max(0, Math.min(time, clip.duration - 0.05));
      if (!player.seeking) follow();
    }

    function follow() {
      if (wanted === null) return;
      var time = wanted;
      wanted = null;
      seek(time);
    }

    function startPreview() {
      clip.begun();
      isPreviewing = true;
      preview.setAttribute("aria-pressed", "true");
      preview.querySelector("span").textContent = "Stop";
      intoView();
      ready(function () {
        if (!isPreviewing) return;
        seek(clip.start);
        player.play().catch(stopPreview);
        watch();
      });
    }

    function stopPreview() {
      if (!isPreviewing) return;
      isPreviewing = false;
      preview.setAttribute("aria-pressed", "false");
      preview.querySelector("span").textContent = "Preview";
      if (!player.paused) player.pause();
    }

    function intoView() {
      var box = player.getBoundingClientRect();
      if (Math.min(box.bottom, window.innerHeight) - Math.max(box.top, 0) >= box.height * 0.6) return;
      var isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      player.scrollIntoView({ block: "nearest", behavior: isCalm ? "auto" : "smooth" });
    }

    // Looks at every frame while the film plays: a preview begins anew at its end, a link's interval stops at its.
    function watch() {
      cancelAnimationFrame(frame);
      keep();
      if (!player.paused || isPreviewing) frame = requestAnimationFrame(watch);
    }

    function keep() {
      clip.line.drawNow();
      if (player.seeking) return;
      if (isPreviewing) {
        var isOutside = player.currentTime >= clip.end - 0.02 || player.currentTime < clip.start - 0.5;
        if (isOutside) player.currentTime = clip.start;
      } else if (stopsAt !== null && player.currentTime >= stopsAt - 0.02) {
        stopsAt = null;
        player.pause();
      }
    }

    function listen() {
      player.addEventListener("play", watch);
      player.addEventListener("timeupdate", keep);
      player.addEventListener("seeked", function () { follow(); keep(); });
      player.addEventListener("seeking", function () {
        // The viewer goes elsewhere with the player's own controls: the link's end no longer holds.
        if (stopsAt !== null && (player.currentTime > stopsAt || player.currentTime < clip.start - 0.5)) stopsAt = null;
      });
      player.addEventListener("pause", function () { if (!player.ended) stopPreview(); });
      player.addEventListener("ended", function () {
        if (!isPreviewing) return;
        player.currentTime = clip.start;
        player.play().catch(stopPreview);
      });
      player.addEventListener("error", function () {
        canPlay = false;
        stopPreview();
        showButtons();
      });
    }

    function showButtons() {
      clip.each("[data-clip-here], [data-clip-preview]", function (button) { button.hidden = !canPlay; });
    }

    preview.addEventListener("click", function () { if (isPreviewing) stopPreview(); else startPreview(); });
    showButtons();
    if (player) listen();
    return { now: now, seek: seek, open: open, peek: peek, stopPreview: stopPreview };
  };
})();
