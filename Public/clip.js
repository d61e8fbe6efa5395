// The clip tool: joins the time line, the page's player and the offer, and takes times from fields and links.
// Without these scripts the tool is a form of two times, and the server answers with cost and links.
(function () {
  "use strict";
  var kit = window.reelswarmClip, T = kit.times;
  var tool = document.querySelector("[data-clip-tool]");
  if (!tool) return;
  // Never beyond the end.
  var duration = Math.floor(Number(tool.dataset.duration) * 1000 + 0.001) / 1000;
  if (!(duration > 0)) return;
  var player = document.querySelector("[data-player]");
  var inputs = { start: tool.querySelector("#clip-start"), end: tool.querySelector("#clip-end") };

  // What the parts share: the interval that is chosen, and how to choose another.
  var clip = {
    tool: tool, duration: duration, shortest: Math.min(0.1, duration), ends: ["start", "end"],
    isSound: Boolean(player) && player.tagName === "AUDIO", isUsed: false,
    start: 0, end: Math.min(30, duration),
    part: part, each: each, choose: choose, begun: begun
  };

  function part(name, value) {
    return tool.querySelector("[data-clip-" + name + (value ? '="' + value + '"' : "") + "]");
  }

  function each(selector, work) { Array.from(tool.querySelectorAll(selector)).forEach(work); }

  // Takes new times, from wherever they come, and shows them everywhere but in the field that is being typed in.
  function choose(start, end, typing) {
    clip.start = T.round(start);
    clip.end = T.round(Math.min(end, duration));
    clip.ends.forEach(function (which) { if (which !== typing) inputs[which].value = T.exact(clip[which]); });
    complain("", null);
    clip.line.draw();
    clip.offer.show();
    clip.offer.ask();
  }

  // The tool is used: on small screens the player now stays in sight.
  function begun() {
    document.documentElement.classList.add("is-clipping");
    if (clip.isUsed) return;
    clip.isUsed = true;
    clip.line.loadSheet();
    clip.offer.ask();
  }

  // Fields

  function typed(which) {
    begun();
    var start = T.read(inputs.start.value), end = T.read(inputs.end.value);
    if (start === null) return refuse(howToWrite("start"), "start");
    if (end === null) return refuse(howToWrite("end"), "end");
    if (start >= duration) return refuse(filmIs() + " long: the start lies beyond its end.", "start");
    if (end > duration + 1) return refuse(filmIs() + " long: the end lies beyond it.", "end");
    if (T.round(end) <= T.round(start)) return refuse("The end must come after the start.", which);
    choose(start, end, which);
    clip.line.follow();
    clip.film.peek(clip[which]);
  }

  function filmIs() { return "The film is " + T.brief(duration); }

  function howToWrite(which) {
    return "Write the " + which + " as seconds, such as 62.5, or as hours, minutes and seconds, such as 0:01:02.5.";
  }

  function refuse(sentence, which) {
    clip.film.stopPreview();
    clip.offer.withdraw();
    complain(sentence, which);
  }

  // While the times have a fault the time line stands back, and tells no length.
  function complain(sentence, which) {
    var place = part("problem");
    tool.classList.toggle("has-fault", sentence !== "");
    place.hidden = sentence === "";
    if (place.textContent !== sentence) place.textContent = sentence;
    if (sentence !== "") part("length").textContent = "";
    clip.ends.forEach(function (name) {
      if (name === which) inputs[name].setAttribute("aria-invalid", "true");
      else inputs[name].removeAttribute("aria-invalid");
    });
  }

  // "Start here" and "End here". Behind the end a start takes the clip's length along; before the start nothing ends.
  function here(which) {
    begun();
    var now = T.within(clip.film.now(), 0, duration), length = clip.end - clip.start;
    if (which === "start") {
      now = Math.min(now, duration - clip.shortest);
      choose(now, now < clip.end ? clip.end : Math.min(now + length, duration));
    } else {
      if (now < clip.start + clip.shortest) {
        part("problem").textContent =
          "The film stands before the start of the clip. Play it to where the clip is to end.";
        part("problem").hidden = false;
        return;
      }
      choose(clip.start, now);
    }
  }

  clip.ends.forEach(function (which) {
    inputs[which].addEventListener("input", function () { typed(which); });
    inputs[which].addEventListener("change", function () {
      if (!inputs[which].hasAttribute("aria-invalid")) inputs[which].value = T.exact(clip[which]);
    });
    part("here", which).addEventListener("click", function () { here(which); });
  });
  part("form").addEventListener("submit", function (event) {
    event.preventDefault();
    typed("end");
  });
  part("submit").hidden = true;

  // Links

  function open(chosen) {
    clip.isUsed = true;
    choose(chosen.start, chosen.end === null ? Math.min(chosen.start + 30, duration) : chosen.end);
    clip.film.open(chosen.start, chosen.end);
  }

  function fromAddress() { return T.fragment(location.hash, duration); }

  function fromServer() {
    var start = T.read(inputs.start.defaultValue), end = T.read(inputs.end.defaultValue);
    if (!part("problem").hidden || start === null || end === null || end <= start || start >= duration) return null;
    return { start: start, end: Math.min(end, duration) };
  }

  window.addEventListener("hashchange", function () {
    var chosen = fromAddress();
    if (chosen) open(chosen);
  });

  // Beginning

  clip.line = kit.line(clip);
  clip.film = kit.player(clip, player);
  clip.offer = kit.offer(clip);
  var chosen = fromAddress() || fromServer(), sentence = part("problem").textContent;
  if (chosen) open(chosen);
  else if (inputs.start.defaultValue !== "" || inputs.end.defaultValue !== "") {
    // What was typed has a fault, which the server has told: it stays to be mended.
    clip.end = duration;
    clip.line.draw();
    part("results").hidden = true;
    complain(sentence, null);
  } else choose(clip.start, clip.end);
  clip.line.watch();
})();
