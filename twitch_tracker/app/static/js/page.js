// What every script of a page shares: facts and words from the page, and the server.

export const byId = (id) => document.getElementById(id);

export function data(id) {
  const element = byId(id);
  return element ? JSON.parse(element.textContent) : {};
}

/** Fill the named fields of a sentence that came with the page. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (field, name) => values[name] ?? field);
}

/** An answer that says no, with the server's own words. */
export class Refused extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

/** Ask the server; throws `Refused` for a no and TypeError when it does not answer. */
export async function ask(method, path, body, headers = {}) {
  const json = body !== undefined && !(body instanceof ArrayBuffer);
  const answer = await fetch(path, {
    method,
    credentials: "same-origin",
    keepalive: json, // what was asked for is done, also when the page is left
    headers: json ? { "Content-Type": "application/json", ...headers } : headers,
    body: json ? JSON.stringify(body) : body,
  });
  let said = {};
  try {
    said = await answer.json();
  } catch {
    // an answer without words
  }
  if (!answer.ok) throw new Refused(answer.status, said.error ?? String(answer.status));
  return said;
}

export const wait = (ms) => new Promise((done) => setTimeout(done, ms));
