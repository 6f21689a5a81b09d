// Passkeys: asks the browser for one and puts the answer into the form as JSON. Where the browser, the
// connection or the name of the site does not allow it, the page keeps its sentence and no button.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const keys = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  const ways = {
    create: (asked) => navigator.credentials.create({ publicKey: {
      ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: keys(asked.excludeCredentials),
    } }),
    get: (asked) => navigator.credentials.get({ publicKey: {
      ...asked, challenge: bytes(asked.challenge), allowCredentials: keys(asked.allowCredentials),
    } }),
  };

  const told = (made) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    return JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type, response,
      clientExtensionResults: made.getClientExtensionResults(),
    });
  };

  const options = async (form) => {
    if (!form.dataset.optionsUrl) return JSON.parse(document.getElementById("passkey-options").textContent);
    const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    return answer.json();
  };

  const can = (host) => window.isSecureContext && window.PublicKeyCredential
    && (location.hostname === host || location.hostname.endsWith(`.${host}`));

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!can(form.dataset.host)) continue;
    const said = form.querySelector("[data-said]");
    form.querySelector("[data-cannot]").hidden = true;
    form.querySelector("[data-can]").hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      said.textContent = "";
      try {
        const [asked] = Object.values(await options(form));
        form.elements.credential.value = told(await ways[form.dataset.passkey](asked.publicKey));
        form.submit();
      } catch (problem) {
        const { stopped, known, failed } = form.dataset;
        said.textContent = { NotAllowedError: stopped, AbortError: stopped, InvalidStateError: known }[problem.name] || failed;
      }
    });
  }
})();
