// How the clip tool reads and writes times. All of them are seconds, in whole thousandths.
(function () {
  "use strict";

  // Seconds (62.5), m:ss or h:mm:ss with a fraction if need be; null for anything else.
  function read(text) {
    var found = /^(?:(?:(\d{1,5}):)?(\d{1,5}):)?(\d{1,9}(?:\.\d{1,9})?)$/.exec(text.trim().replace(",", "."));
    if (!found) return null;
    var rest = Number(found[3]);
    if (found[2] === undefined) return rest;
    if (rest >= 60 || !/^\d\d(\.|$)/.test(found[3])) return null;
    if (found[1] !== undefined && (found[2].length !== 2 || Number(found[2]) >= 60)) return null;
    return Number(found[1] || 0) * 3600 + Number(found[2]) * 60 + rest;
  }

  // #t=62,100 as in media fragments; either end may be left out. Null for what does not lie in the film.
  function fragment(hash, duration) {
    var text = hash.replace(/%3A/gi, ":").replace(/%2C/gi, ",");
    var found = /^#t=(?:npt:)?([\d:.]*)(?:,([\d:.]+))?$/.exec(text);
    if (!found) return null;
    var start = found[1] ? read(found[1]) : 0, end = found[2] ? read(found[2]) : null;
    if (start === null || start >= duration) return null;
    if (end !== null && end <= start || found[2] && end === null) return null;
    return { start: start, end: end === null ? null : Math.min(end, duration) };
  }

  // 1:02, or 1:01:02
  function clock(time) {
    var whole = Math.floor(time + 1e-6), hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
    var rest = whole % 60;
    return (hours > 0 ? hours + ":" + (minutes < 10 ? "0" : "") : "") + minutes + ":" + (rest < 10 ? "0" : "") + rest;
  }

  // 1:02.0, or 1:01:02.345
  function exact(time) {
    var thousandths = Math.round(time * 1000), fraction = String(thousandths % 1000 + 1000).slice(1);
    return clock(Math.floor(thousandths / 1000)) + "." + fraction.replace(/0{1,2}$/, "");
  }

  function brief(time) { return exact(time).replace(/\.0$/, ""); }

  function length(time) { return time < 60 ? String(round(time)) + " s" : brief(round(time)); }

  // 1 hour 2 minutes 3.5 seconds
  function spoken(time) {
    var hours = Math.floor(time / 3600), minutes = Math.floor(time / 60) % 60, rest = round(time % 60);
    return [[hours, "hour"], [minutes, "minute"], [rest, "second"]].filter(function (unit, index) {
      return unit[0] > 0 || index === 2 && time < 60;
    }).map(function (unit) { return unit[0] + " " + unit[1] + (unit[0] === 1 ? "" : "s"); }).join(" ");
  }

  function round(time) { return Math.round(time * 1000) / 1000; }

  function tenth(time) { return Math.round(time * 10) / 10; }

  function within(time, low, high) { return Math.min(Math.max(time, low), high); }

  window.reelswarmClip = {
    times: {
      read: read, fragment: fragment, clock: clock, exact: exact, brief: brief, length: length, spoken: spoken,
      round: round, tenth: tenth, within: within
    }
  };
})();
