// Keeps a player within the interval of a clip: it starts at its start, stops at its end, and can be played again.
(function () {
  "use strict";
  var player = document.querySelector("[data-player][data-start]");
  if (!player) return;
  var start = Number(player.dataset.start), end = Number(player.dataset.end);
  if (!(start >= 0 && end > start)) return;
  var bar = document.querySelector("[data-interval]");
  var isOver = false, frame = 0;

  function part(name) { return bar && bar.querySelector("[data-interval-" + name + "]"); }

  // The film may be a little shorter than its clip was drawn.
  function last() { return player.duration > 0 ? Math.min(end, player.duration) : end; }

  function atStart() { player.currentTime = start; }

  function begin() {
    if (Math.abs(player.currentTime - start) > 0.05) atStart();
    show();
  }

  function watch() {
    cancelAnimationFrame(frame);
    if (player.paused) return;
    keep();
    frame = requestAnimationFrame(watch);
  }

  // Called for every frame while it plays, and every quarter of a second where frames rest, as in a hidden tab.
  function keep() {
    show();
    if (player.seeking || player.currentTime < last() - 0.02) return;
    isOver = true;
    player.pause();
    if (player.currentTime > last()) player.currentTime = last();
  }

  player.addEventListener("play", function () {
    if (isOver || player.currentTime >= last() - 0.02 || player.currentTime < start - 0.25) atStart();
    isOver = false;
    watch();
  });
  player.addEventListener("timeupdate", function () { if (!player.paused) keep(); else show(); });
  player.addEventListener("seeking", function () {
    if (player.currentTime < start - 0.25) player.currentTime = start;
    else if (player.currentTime > last() + 0.25) player.currentTime = last();
    else isOver = isOver && player.currentTime >= last() - 0.02;
  });
  player.addEventListener("pause", show);
  player.addEventListener("error", function () { if (bar) bar.hidden = true; });
  if (player.readyState > 0) begin(); else player.addEventListener("loadedmetadata", begin, { once: true });

  function show() {
    if (!bar) return;
    var words = !player.paused ? "Pause" : isOver ? "Play again" : "Play the clip";
    var done = isOver ? last() - start : Math.max(0, Math.min(player.currentTime, last()) - start);
    part("play").dataset.on = String(!player.paused);
    write(part("words"), words);
    write(part("now"), isOver ? whole() : clock(done));
    part("done").value = Math.round(done / (last() - start) * 1000);
  }

  // Of short clips tenths of seconds are told too.
  function whole() { return end - start < 9.95 ? clock(end - start) : clock(Math.round(end - start)); }

  function write(element, text) { if (element.textContent !== text) element.textContent = text; }

  function clock(seconds) {
    var tenths = end - start < 9.95 ? Math.round(seconds * 10) % 10 : null;
    var whole = Math.floor(tenths === null ? seconds : Math.round(seconds * 10) / 10), rest = whole % 60;
    var hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
    return (hours > 0 ? hours + ":" + (minutes < 10 ? "0" : "") : "") + minutes + ":" + (rest < 10 ? "0" : "") + rest
      + (tenths === null ? "" : "." + tenths);
  }

  if (!bar || player.error) return;
  part("length").textContent = whole();
  bar.hidden = false;
  part("play").addEventListener("click", function () {
    if (player.paused) player.play().catch(show); else player.pause();
  });
})();
