// The upload form with progress. Without this file the form still works as any form does.
(function () {
  "use strict";
  var form = document.getElementById("upload");
  if (!form || !window.FormData) return;
  var file = form.elements.file;
  var title = form.elements.title;
  var drop = form.querySelector("[data-drop]");
  var panel = document.querySelector("[data-progress]");
  var bar = document.getElementById("upload-progress");
  var percent = panel.querySelector("[data-percent]");
  var detail = panel.querySelector("[data-detail]");
  var spoken = panel.querySelector("[data-spoken]");
  var cancel = panel.querySelector("[data-cancel]");
  var errorBox = document.querySelector("[data-error]");
  var errorText = errorBox.querySelector("p");
  var limit = Number(form.dataset.limit);
  var fields = form.querySelector("fieldset");
  var request = null;
  var titleIsOurs = true;

  title.addEventListener("input", function () { titleIsOurs = title.value === ""; });
  file.addEventListener("change", chosen);

  function chosen() {
    var picked = file.files[0];
    clearError();
    if (!picked) return;
    form.querySelector("[data-chosen]").textContent = picked.name + ", " + size(picked.size);
    if (titleIsOurs) title.value = picked.name.replace(/\.[^.]{1,5}$/, "").replace(/[_]+/g, " ").trim().slice(0, 200);
    tooLarge(picked);
  }

  function tooLarge(picked) {
    if (!(limit > 0) || picked.size <= limit) return false;
    fail("This file is " + size(picked.size) + " large. This site takes files up to " + (form.dataset.limitWords || size(limit)) + ".");
    return true;
  }

  ["dragenter", "dragover"].forEach(function (name) {
    drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.add("over"); });
  });
  ["dragleave", "drop"].forEach(function (name) {
    drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.remove("over"); });
  });
  drop.addEventListener("drop", function (event) {
    if (request || !event.dataTransfer || event.dataTransfer.files.length === 0) return;
    var transfer = new DataTransfer();
    transfer.items.add(event.dataTransfer.files[0]);
    file.files = transfer.files;
    chosen();
  });
  // A film dropped beside the box must not replace the page.
  ["dragover", "drop"].forEach(function (name) {
    window.addEventListener(name, function (event) { event.preventDefault(); });
  });

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    clearError();
    var picked = file.files[0];
    if (!picked) return fail("Choose a film first.");
    if (tooLarge(picked)) return;
    send(picked);
  });

  function send(picked) {
    var data = new FormData();
    ["csrf", "title", "description", "tags"].forEach(function (name) {
      data.append(name, form.elements[name].value);
    });
    data.append("file", picked, picked.name);
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    var samples = [];
    request.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) progress(event.loaded, event.total, samples);
    });
    request.upload.addEventListener("load", function () {
      bar.removeAttribute("value");
      percent.textContent = "Checking the film…";
      detail.textContent = "All bytes have arrived.";
      cancel.hidden = true;
    });
    request.addEventListener("load", finished);
    request.addEventListener("error", function () {
      reset();
      fail("The connection to the server broke off. Nothing was published; please try again.");
    });
    request.addEventListener("abort", function () {
      reset();
      fail("The upload was cancelled. Nothing was published.");
    });
    window.addEventListener("beforeunload", warn);
    fields.disabled = true;
    panel.hidden = false;
    cancel.hidden = false;
    bar.value = 0;
    percent.textContent = "0 %";
    detail.textContent = "Starting…";
    panel.scrollIntoView({ block: "nearest" });
    request.send(data);
  }

  function progress(loaded, total, samples) {
    var now = performance.now();
    samples.push([now, loaded]);
    while (samples.length > 2 && now - samples[0][0] > 6000) samples.shift();
    var share = total > 0 ? Math.floor(loaded / total * 100) : 0;
    bar.value = share;
    percent.textContent = share + " %";
    if (spoken.dataset.last !== String(Math.floor(share / 10))) {
      spoken.dataset.last = String(Math.floor(share / 10));
      spoken.textContent = share + " percent uploaded";
    }
    var seconds = (now - samples[0][0]) / 1000;
    var rate = seconds > 0.3 ? (loaded - samples[0][1]) / seconds : 0;
    var text = size(loaded) + " of " + size(total);
    if (rate > 0) text += " · " + size(rate) + "/s · " + time((total - loaded) / rate) + " left";
    detail.textContent = text;
  }

  function finished() {
    var answer = null;
    try { answer = JSON.parse(request.responseText); } catch (error) { answer = null; }
    var status = request.status;
    if (status >= 200 && status < 300 && answer && answer.links) {
      window.removeEventListener("beforeunload", warn);
      bar.value = 100;
      percent.textContent = "Published";
      location.assign(new URL(answer.links.page, location.href).pathname);
      return;
    }
    reset();
    fail(answer && answer.detail ? answer.detail : "The server answered " + status + ". Nothing was published; please try again.");
  }

  cancel.addEventListener("click", function () { if (request) request.abort(); });

  function warn(event) { event.preventDefault(); }

  function reset() {
    window.removeEventListener("beforeunload", warn);
    request = null;
    fields.disabled = false;
    panel.hidden = true;
  }

  function fail(sentence) {
    errorText.textContent = sentence;
    errorBox.hidden = false;
    errorBox.scrollIntoView({ block: "nearest" });
  }

  function clearError() { errorBox.hidden = true; }

  function size(bytes) {
    var units = ["bytes", "KB", "MB", "GB", "TB"];
    var unit = 0;
    while (bytes >= 1000 && unit < units.length - 1) { bytes /= 1000; unit += 1; }
    return (unit === 0 ? Math.round(bytes) : bytes < 10 ? bytes.toFixed(1) : Math.round(bytes)) + " " + units[unit];
  }

  function time(seconds) {
    seconds = Math.max(1, Math.round(seconds));
    if (seconds < 60) return seconds + " s";
    if (seconds < 3600) return Math.floor(seconds / 60) + " min " + (seconds % 60) + " s";
    return Math.floor(seconds / 3600) + " h " + Math.floor(seconds % 3600 / 60) + " min";
  }
})();
