// What every page does: copy buttons, live counts, and telling when a film cannot be played here.
(function () {
  "use strict";

  // Copy buttons are useless without scripts, so they are born hidden.
  document.querySelectorAll("button[data-copy]").forEach(function (button) {
    button.hidden = false;
    var label = button.querySelector("[data-copy-label]") || button;
    var words = label.textContent;
    button.addEventListener("click", function () {
      copy(button.dataset.copy).then(function () {
        label.textContent = "Copied";
        setTimeout(function () { label.textContent = words; }, 1800);
      });
    });
  });

  function copy(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    var area = document.createElement("textarea");
    area.value = text;
    area.className = "visually-hidden";
    document.body.appendChild(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    return Promise.resolve();
  }

  // Ages go on being true while the page is open.
  var ages = Array.from(document.querySelectorAll("[data-age]"));
  ages.forEach(function (element) { age(element, element.dataset.age === "" ? null : Number(element.dataset.age)); });
  if (ages.length > 0) setInterval(function () { ages.forEach(tellAge); }, 1000);

  function age(element, seconds) {
    if (!element) return;
    element.since = seconds === null || seconds === undefined ? null : Date.now() - seconds * 1000;
    tellAge(element);
  }

  function tellAge(element) {
    write(element, element.since === null ? "" : ago(Math.floor((Date.now() - element.since) / 1000)));
  }

  function ago(seconds) {
    if (seconds < 2) return "just now";
    var units = [[86400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]];
    var unit = units.find(function (unit) { return seconds >= unit[0]; });
    var count = Math.floor(seconds / unit[0]);
    return count + " " + unit[1] + (count === 1 ? "" : "s") + " ago";
  }

  function write(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  }

  function toggle(element, isShown) { if (element) element.hidden = !isShown; }

  // Live counts. One stream for all films on the page, closed while the page is hidden; polling when it fails.
  var holders = new Map();
  document.querySelectorAll("[data-live]").forEach(function (element) {
    holders.set(element.dataset.live, element);
  });
  if (holders.size > 0) live(Array.from(holders.keys()));

  function live(slugs) {
    var single = slugs.length === 1 ? slugs[0] : null;
    var source = null, timer = null, failures = 0;
    var turns = takeTurns(function () { if (source) { close(); startPolling(); } });
    var streamURL = single ? "/videos/" + single + "/swarm/events" : "/swarm/events?videos=" + slugs.join(",");

    function receive(slug, counts) {
      var holder = holders.get(slug);
      if (!holder) return;
      var unknown = counts.source === "outside" && counts.age === null;
      ["seeders", "leechers", "completed", "partial_seeds"].forEach(function (name) {
        var element = holder.querySelector('[data-swarm="' + name + '"]');
        var text = unknown && name !== "partial_seeds" ? "–" : String(counts[name]);
        if (!element || element.textContent === text) return;
        element.textContent = text;
        element.classList.remove("changed");
        void element.offsetWidth;
        element.classList.add("changed");
      });
      toggle(holder.querySelector("[data-swarm-partial]"), counts.partial_seeds > 0);
      toggle(holder.querySelector("[data-swarm-unknown]"), unknown);
      toggle(holder.querySelector("[data-swarm-outside]"), counts.source === "outside" && !unknown);
      age(holder.querySelector("[data-swarm-outside] [data-age]"), counts.age);
      var seeding = holder.querySelector("[data-seeding]");
      if (seeding) {
        seeding.dataset.on = String(counts.server_seeding);
        write(seeding, counts.server_seeding ? seeding.dataset.seeding : seeding.dataset.notSeeding);
      }
      if (counts.trackers) holder.querySelectorAll("[data-tracker]").forEach(function (line) {
        counts.trackers.forEach(function (tracker) { if (tracker.url === line.dataset.tracker) told(line, tracker); });
      });
    }

    function told(line, tracker) {
      var known = tracker.age !== null, problem = line.querySelector("[data-tracker-problem]");
      write(line.querySelector("[data-tracker-counts]"),
        known ? (tracker.seeders || 0) + " seeding, " + (tracker.leechers || 0) + " fetching"
          : tracker.problem ? "" : "not asked yet");
      age(line.querySelector("[data-age]"), tracker.age);
      // Whoever looks after the film was told the reason with the page, which says more than "not reached".
      if (!tracker.problem) write(problem, "");
      else if (problem.textContent.indexOf(tracker.problem) !== 0) write(problem, tracker.problem);
    }

    function open() {
      if (source || document.hidden) return;
      stopPolling();
      if (!window.EventSource) return startPolling();
      source = new EventSource(streamURL);
      turns.opened();
      source.addEventListener("swarm", function (event) {
        failures = 0;
        var counts = JSON.parse(event.data);
        receive(single || counts.slug, counts);
      });
      source.addEventListener("error", function () {
        failures += 1;
        if (failures < 3 && source.readyState !== EventSource.CLOSED) return;
        close();
        startPolling();
      });
    }

    function close() {
      if (source) {
        source.close();
        turns.closed();
      }
      source = null;
      stopPolling();
    }

    function startPolling() {
      if (timer || document.hidden) return;
      var rounds = 0;
      timer = setInterval(function () {
        rounds += 1;
        if (rounds > 6 && turns.mayOpen()) { failures = 0; stopPolling(); return open(); }
        poll();
      }, 5000);
      poll();
    }

    function stopPolling() {
      clearInterval(timer);
      timer = null;
    }

    function poll() {
      slugs.forEach(function (slug) {
        fetch("/videos/" + slug + "/swarm").then(function (answer) {
          return answer.ok ? answer.json() : null;
        }).then(function (counts) {
          if (counts) receive(slug, counts);
        }).catch(function () { /* the next round tries again */ });
      });
    }

    document.addEventListener("visibilitychange", function () {
      if (document.hidden) close(); else { failures = 0; open(); }
    });
    window.addEventListener("pagehide", close);
    window.addEventListener("pageshow", open);
    open();
  }

  // A browser allows six connections to a host over all its tabs. The three newest pages keep a stream; older ones are
  // told by the new one, and poll until a stream is free again.
  function takeTurns(giveWay) {
    var most = 3, me = String(Math.random()) + Date.now(), newer = new Set();
    var channel = window.BroadcastChannel ? new BroadcastChannel("swarm-streams") : null;
    if (channel) {
      channel.addEventListener("message", function (event) {
        if (event.data.opened) newer.add(event.data.opened); else newer.delete(event.data.closed);
        if (newer.size >= most) giveWay();
      });
    }
    return {
      opened: function () { newer.clear(); if (channel) channel.postMessage({ opened: me }); },
      closed: function () { if (channel) channel.postMessage({ closed: me }); },
      mayOpen: function () { return newer.size < most; }
    };
  }

  // A film this browser cannot play.
  var player = document.querySelector("[data-player]");
  var notice = document.querySelector("[data-cannot-play]");
  if (player && notice) {
    var show = function () { notice.hidden = false; };
    var soundOnly = function () {
      if (player.tagName === "VIDEO" && player.readyState > 0 && player.videoWidth === 0) show();
    };
    player.addEventListener("error", function () {
      if (player.error && (player.error.code === 3 || player.error.code === 4)) show();
    });
    player.addEventListener("loadedmetadata", soundOnly);
    player.addEventListener("loadeddata", soundOnly);
    if (player.error) show();
    soundOnly();
  }
})();
