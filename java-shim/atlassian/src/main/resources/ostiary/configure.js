/* Leads to what went wrong, and shows the preview of a user id while it is typed; a button does the same without. */
(function () {
  var form = document.getElementById("ostiary-form");
  var result = document.getElementById("preview_result");
  var problems = document.getElementById("ostiary-problems");
  if (problems) { problems.focus(); }
  if (!form || !result || !window.fetch || !window.URLSearchParams || !window.DOMParser) { return; }
  var names = ["transform_pattern", "transform_replacement", "preview_value"];
  var waiting = 0;
  var asked = 0;

  function preview() {
    var body = new URLSearchParams(new FormData(form));
    body.delete("metadata_file");
    body.set("metadata_xml", "");
    body.set("action", "preview");
    var number = ++asked;
    // The buttons are called action, and hide the property of that name.
    fetch(form.getAttribute("action"), { method: "POST", body: body, credentials: "same-origin", redirect: "error" })
      .then(function (answer) { return answer.text(); })
      .then(function (html) {
        var page = new DOMParser().parseFromString(html, "text/html");
        var made = page.getElementById("preview_result");
        var wrong = page.getElementById("transform_pattern-error");
        if (number === asked && made) { result.textContent = wrong ? wrong.textContent : made.textContent; }
      })
      .catch(function () { /* the button is still there */ });
  }

  names.forEach(function (name) {
    document.getElementById(name).addEventListener("input", function () {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(preview, 400);
    });
  });
})();
