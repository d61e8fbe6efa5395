// The clip tool's time line: a strip of pictures, two handles, and a closer look. For mouse, finger and keyboard.
(function () {
  "use strict";
  var T = window.reelswarmClip.times;

  window.reelswarmClip.line = function (clip) {
    var tool = clip.tool, part = clip.part, duration = clip.duration;
    var track = part("track"), strip = part("strip"), bubble = part("bubble");
    var handles = { start: part("handle", "start"), end: part("handle", "end") };
    var view = { from: 0, to: duration }, isClose = false, sheet = null;

    // Where things lie

    // A time's place in the part of the film that the line shows, in hundredths from its left or its right.
    function left(time) { return (T.within(time, view.from, view.to) - view.from) / shown() * 100 + "%"; }

    function right(time) { return (view.to - T.within(time, view.from, view.to)) / shown() * 100 + "%"; }

    function shown() { return view.to - view.from; }

    // May lie outside the film: the handles reach over the strip's ends.
    function timeAt(event) {
      var box = track.getBoundingClientRect();
      return view.from + (event.clientX - box.left) / box.width * shown();
    }

    function placeAt(event) { return T.within(timeAt(event), view.from, view.to); }

    // The whole film, or the clip with as much around it as it can be moved in.
    function look(closer) {
      var around = Math.max((clip.end - clip.start) * 0.75, 5);
      isClose = closer;
      view = { from: 0, to: duration };
      if (closer) view = { from: Math.max(0, clip.start - around), to: Math.min(duration, clip.end + around) };
      part("from").textContent = T.clock(view.from);
      part("to").textContent = T.clock(view.to);
      part("closer").textContent = closer ? "Whole film" : "Closer";
      part("closer").setAttribute("aria-pressed", String(closer));
      draw();
      drawStrip();
      drawNow();
    }

    // A handle that was dragged to the line's edge gets room again.
    function isTight() {
      var edge = shown() * 0.03;
      return clip.start - view.from < Math.min(edge, clip.start)
        || view.to - clip.end < Math.min(edge, duration - clip.end);
    }

    // Drawing

    function draw() {
      if (clip.start < view.from || clip.end > view.to) return look(isClose);
      part("window").style.left = left(clip.start);
      part("window").style.right = right(clip.end);
      part("shade", "before").style.right = right(clip.start);
      part("shade", "after").style.left = left(clip.end);
      part("closer").hidden = !isClose && clip.end - clip.start > duration / 3;
      clip.ends.forEach(function (which) {
        handles[which].style.left = left(clip[which]);
        handles[which].setAttribute("aria-valuenow", String(clip[which]));
        handles[which].setAttribute("aria-valuetext", T.spoken(clip[which]));
      });
      part("length").textContent = T.length(clip.end - clip.start);
    }

    function drawNow() {
      var now = clip.film.now();
      part("now").hidden = now < view.from || now > view.to;
      part("now").style.left = left(now);
    }

    function loadSheet() {
      var data = tool.dataset, image = new Image();
      if (!data.sheet || sheet) return;
      image.onload = function () {
        sheet = {
          image: image, columns: Number(data.sheetColumns), frames: Number(data.sheetFrames),
          width: Number(data.sheetWidth), height: Number(data.sheetHeight), seconds: Number(data.sheetSeconds)
        };
        tool.classList.add("has-sheet");
        drawStrip();
      };
      image.src = data.sheet;
    }

    // The pictures of a film that was just published are still being made: its page has them when they are.
    function awaitSheet(rounds) {
      if (!("sheetComes" in tool.dataset) || rounds === 0 || !window.fetch || !window.DOMParser) return;
      setTimeout(function () {
        if (document.hidden) return awaitSheet(rounds);
        fetch(tool.dataset.page).then(function (answer) { return answer.text(); }).then(function (text) {
          var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-clip-tool]");
          if (!fresh || !("sheetComes" in fresh.dataset)) delete tool.dataset.sheetComes;
          if (!fresh || !fresh.dataset.sheet) return;
          Object.keys(fresh.dataset).forEach(function (name) {
            if (/^sheet/.test(name)) tool.dataset[name] = fresh.dataset[name];
          });
          loadSheet();
        }).catch(function () { /* the next round asks again */ }).then(function () { awaitSheet(rounds - 1); });
      }, 2500);
    }

    function drawStrip() {
      if (!sheet) return;
      var scale = window.devicePixelRatio || 1, wide = strip.clientWidth, high = strip.clientHeight;
      if (!(wide > 0 && high > 0)) return;
      strip.width = Math.round(wide * scale);
      strip.height = Math.round(high * scale);
      var ratio = T.within(sheet.width / sheet.height, 0.5, 2.2);
      var count = Math.max(1, Math.round(wide / (high * ratio)));
      var canvas = strip.getContext("2d"), each = strip.width / count;
      for (var cell = 0; cell < count; cell += 1) {
        drawFrame(canvas, view.from + (cell + 0.5) / count * shown(), cell * each, each, strip.height);
      }
    }

    function drawFrame(canvas, time, x, width, height) {
      var index = T.within(Math.floor(time / sheet.seconds), 0, sheet.frames - 1);
      var wide = Math.min(sheet.width, sheet.height * width / height), high = wide * height / width;
      canvas.drawImage(sheet.image, index % sheet.columns * sheet.width + (sheet.width - wide) / 2,
        Math.floor(index / sheet.columns) * sheet.height + (sheet.height - high) / 2, wide, high, x, 0, width, height);
    }

    // A picture and the time above the place that is meant.
    function showBubble(time) {
      var picture = bubble.querySelector("canvas");
      bubble.hidden = false;
      bubble.querySelector("span").textContent = T.exact(time);
      picture.hidden = !sheet;
      if (sheet) {
        picture.width = sheet.width;
        picture.height = sheet.height;
        drawFrame(picture.getContext("2d"), time, 0, sheet.width, sheet.height);
      }
      var half = bubble.offsetWidth / 2, wide = track.clientWidth;
      var place = (time - view.from) / shown() * wide, least = half - 20;
      bubble.style.left = T.within(place, least, Math.max(least, wide - least)) + "px";
    }

    function hideBubble() { bubble.hidden = true; }

    // Moving

    function move(which, time) {
      if (which === "start") clip.choose(T.within(time, 0, Math.max(0, clip.end - clip.shortest)), clip.end);
      else clip.choose(clip.start, T.within(time, Math.min(duration, clip.start + clip.shortest), duration));
      showBubble(clip[which]);
      clip.film.peek(clip[which]);
    }

    function key(which, event) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      var step = event.shiftKey ? 1 : 0.1, now = clip[which];
      var places = {
        ArrowLeft: now - step, ArrowDown: now - step, ArrowRight: now + step, ArrowUp: now + step,
        PageDown: now - 10, PageUp: now + 10, Home: 0, End: duration
      };
      if (!(event.key in places)) return;
      event.preventDefault();
      clip.begun();
      move(which, places[event.key]);
    }

    // `take` is called when a pointer goes down, and gives back what each of its moves does.
    function drag(element, take) {
      element.addEventListener("pointerdown", function (event) {
        if (event.button !== 0 || !event.isPrimary) return;
        event.stopPropagation();
        event.preventDefault();
        clip.begun();
        clip.film.stopPreview();
        var moving = take(event);
        element.setPointerCapture(event.pointerId);
        tool.classList.add("is-dragging");
        function moved(event) { moving(event, false); }
        function ended(event) {
          if (event.type === "pointerup") moving(event, true);
          element.removeEventListener("pointermove", moved);
          element.removeEventListener("pointerup", ended);
          element.removeEventListener("pointercancel", ended);
          tool.classList.remove("is-dragging");
          hideBubble();
          if (isClose && isTight()) look(true);
        }
        element.addEventListener("pointermove", moved);
        element.addEventListener("pointerup", ended);
        element.addEventListener("pointercancel", ended);
      });
    }

    clip.ends.forEach(function (which) {
      var handle = handles[which];
      drag(handle, function (event) {
        var shift = clip[which] - timeAt(event);
        handle.focus({ preventScroll: true });
        return function (event) { move(which, T.within(T.tenth(timeAt(event) + shift), view.from, view.to)); };
      });
      handle.addEventListener("keydown", function (event) { key(which, event); });
      handle.addEventListener("blur", hideBubble);
    });
    drag(part("window"), function (event) {
      var shift = clip.start - timeAt(event), length = clip.end - clip.start, from = event.clientX, moved = false;
      return function (event, isLast) {
        moved = moved || Math.abs(event.clientX - from) > 3;
        if (!moved) { if (isLast) clip.film.seek(placeAt(event)); return; }
        var start = T.within(T.tenth(timeAt(event) + shift), view.from, Math.max(view.from, view.to - length));
        clip.choose(start, start + length);
        clip.film.peek(start);
        showBubble(start);
      };
    });
    drag(track, function () {
      // Not before it moves or is lifted: a finger may only want to scroll the page.
      return function (event) { clip.film.seek(placeAt(event)); showBubble(placeAt(event)); };
    });
    track.addEventListener("pointermove", function (event) {
      if (event.pointerType === "mouse" && event.buttons === 0) showBubble(placeAt(event));
    });
    track.addEventListener("pointerleave", hideBubble);
    part("closer").addEventListener("click", function () { clip.begun(); look(!isClose); });

    // The pictures are fetched when the tool comes near the window.
    function watch() {
      awaitSheet(40);
      if (window.ResizeObserver) new ResizeObserver(drawStrip).observe(strip);
      if (!window.IntersectionObserver) return loadSheet();
      new IntersectionObserver(function (seen, observer) {
        if (!seen.some(function (entry) { return entry.isIntersecting; })) return;
        observer.disconnect();
        loadSheet();
      }, { rootMargin: "200px" }).observe(tool);
    }

    part("line").hidden = false;
    part("to").textContent = T.clock(duration);
    return {
      draw: draw, drawNow: drawNow, loadSheet: loadSheet, watch: watch,
      // Moves the closer view, if there is one, to where the clip lies now.
      follow: function () { if (isClose) look(true); }
    };
  };
})();
