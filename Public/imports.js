// Keeps the list of imports fresh while something moves. Without this file the page reloads itself.
(function () {
  "use strict";
  var list = document.getElementById("imports");
  var spoken = document.getElementById("spoken");
  if (!list || !window.fetch || !window.DOMParser) return;

  // The imports as the server has sent them last: what a browser does to those on the page is no change.
  var served = new Map(Array.from(list.children, function (article) {
    return [article.id, article.outerHTML];
  }));

  async function refresh() {
    if (!list.hasAttribute("data-moving")) return;
    if (!document.hidden) {
      try {
        var answer = await fetch(location.pathname, { credentials: "same-origin" });
        if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("imports"));
      } catch (error) {
        // The server is away for a moment; the next round asks again.
      }
    }
    setTimeout(refresh, 2000);
  }

  // Draws only what has changed, so that a choice half made and the focus stay where they are.
  function show(fresh) {
    if (!fresh) return;
    list.toggleAttribute("data-moving", fresh.hasAttribute("data-moving"));
    var last = null;
    var known = new Set();
    Array.from(fresh.children).forEach(function (article) {
      var old = document.getElementById(article.id);
      var isSame = served.get(article.id) === article.outerHTML;
      known.add(article.id);
      served.set(article.id, article.outerHTML);
      if (!old) {
        last ? last.after(article) : list.prepend(article);
        last = article;
      } else if (isSame) {
        last = old;
      } else {
        exchange(old, article);
        last = article;
      }
    });
    Array.from(list.children).forEach(function (article) {
      if (!known.has(article.id)) article.remove();
    });
  }

  function exchange(old, article) {
    var focused = old.contains(document.activeElement) ? mark(document.activeElement) : null;
    if (old.dataset.state !== article.dataset.state) speak(article);
    old.replaceWith(article);
    if (!focused) return;
    var target = Array.from(article.querySelectorAll("a, button")).find(function (element) {
      return mark(element) === focused;
    });
    if (target) target.focus();
  }

  // What a button or link does, by which it is found again.
  function mark(element) {
    return element.form ? element.form.getAttribute("action") : element.getAttribute("href");
  }

  function speak(article) {
    spoken.textContent = article.querySelector("h3").textContent + ": " + article.querySelector(".state").textContent;
  }

  setTimeout(refresh, 2000);
})();
