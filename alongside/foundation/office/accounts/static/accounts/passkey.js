// Passkeys: asks the browser for one and puts the answer into the form. Without this script codes still work.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function opened(options) {
  const key = structuredClone(options.publicKey);
  key.challenge = bytes(key.challenge);
  if (key.user) key.user.id = bytes(key.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    for (const entry of key[list] ?? []) entry.id = bytes(entry.id);
  }
  return key;
}

function closed(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: text(answer.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[part]) response[part] = text(answer[part]);
  }
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.dataset.optionsAt, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options;
}

async function ask(form) {
  const key = opened(await optionsOf(form));
  if (form.dataset.passkey !== "create") return navigator.credentials.get({ publicKey: key });
  const alone = form.elements.passwordless?.checked ?? false;
  key.authenticatorSelection = {
    ...key.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone,
    ...(alone ? { userVerification: "required" } : {}),
  };
  return navigator.credentials.create({ publicKey: key });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    const said = form.querySelector("[role=alert]");
    try {
      form.elements.credential.value = JSON.stringify(closed(await ask(form)));
      form.submit();
    } catch {
      said.textContent = "No passkey was used. Try again, or use another way.";
      said.hidden = false;
    }
  });
}
