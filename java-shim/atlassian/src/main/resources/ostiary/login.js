// Puts the sign-in button next to the form for a password, also where the form is rendered late.
(function () {
  "use strict";
  var script = document.getElementById("ostiary-script");
  if (!script || document.getElementById("ostiary-sign-in")) {
    return;
  }
  var forms = [
    "#login-form", "#loginform", "form[name='loginform']", ".login-form-container form", "#username-field",
    "#js-login-submit", "form[action*='/mobile/login']", "#os_username"
  ];
  // The page where an administrator confirms the password looks like a login page.
  var confirming = /WebSudoAuthenticate|doauthenticate/;

  function form() {
    for (var i = 0; i < forms.length; i++) {
      var found = document.querySelector(forms[i]);
      while (found && found.tagName !== "FORM" && found.parentNode && found.parentNode.tagName) {
        if (found.id === "login-form" || found.id === "loginform") {
          break;
        }
        found = found.parentNode;
      }
      if (found && found.tagName !== "HTML" && !confirming.test(found.getAttribute("action") || "")) {
        return found;
      }
    }
    return null;
  }

  // What follows the # reaches no server, but browsers carry it through the redirect to this page.
  function href() {
    var start = script.getAttribute("data-href");
    return start.indexOf("?target=") < 0 ? start : start + encodeURIComponent(window.location.hash);
  }

  function show() {
    var place = form();
    if (!place) {
      return false;
    }
    var box = document.createElement("div");
    box.id = "ostiary-sign-in";
    var link = document.createElement("a");
    link.id = "ostiary-sign-in-button";
    link.className = "aui-button aui-button-primary";
    link.href = href();
    link.appendChild(document.createTextNode(script.getAttribute("data-name")));
    box.appendChild(link);
    if (script.getAttribute("data-description")) {
      var text = document.createElement("p");
      text.appendChild(document.createTextNode(script.getAttribute("data-description")));
      box.appendChild(text);
    }
    place.parentNode.insertBefore(box, place);
    return true;
  }

  if (show() || !window.MutationObserver) {
    return;
  }
  var observer = new MutationObserver(function () {
    if (show()) {
      observer.disconnect();
    }
  });
  observer.observe(document.documentElement, { childList: true, subtree: true });
})();
