// The first page: where customers are, who they are, and the life of one. It speaks to the same API as everyone else, with the key that was given
// to it: behind the # of the address, which browsers never send, or typed in. The key stays in this tab.
const find = (id) => document.getElementById(id);
let key = sessionStorage.getItem("key") ?? "";
let chosen = null; // {track, stage}
let opened = null; // customer id
let next = null;
let zone; // The definition's, in which days begin and sentences tell times.

let wanted = null; // The customer whom the address names.
function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  wanted = given.get("customer") ?? wanted;
  if (!given.has("key")) return;
  key = given.get("key");
  sessionStorage.setItem("key", key);
  history.replaceState(null, "", location.pathname);
}

async function get(path, as = "json") {
  const answer = await fetch(path, { headers: { Authorization: `Bearer ${encodeURIComponent(key)}` } }).catch(() => {
    throw new Error("The server does not answer.");
  });
  if (answer.status === 401 || answer.status === 403) throw new Error("This key does not open the page. The admin key is in server.json, in the server's data folder.");
  if (!answer.ok) throw new Error((await answer.json()).message ?? answer.statusText);
  return answer[as]();
}

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const when = (instant) => new Date(instant).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short", timeZone: zone });

function hue(stages, stage) {
  const declining = (one) => one.group === "decline" || one.stage === "decline";
  const same = stages.filter((one) => declining(one) === declining(stage));
  const index = same.findIndex((one) => one.stage === stage.stage);
  return declining(stage) ? `down-${index % 3}` : `hue-${index % 6}`;
}

async function showSummary() {
  const tracks = await get("/v1/stages/summary");
  const list = tracks.items ?? [tracks];
  find("summary").replaceChildren(...list.map((track) => {
    const box = element("div", "", { class: "track" });
    box.append(element("h3", track.track));
    const row = element("div", "", { class: "stages" });
    const total = Math.max(1, track.stages.reduce((sum, stage) => sum + stage.customers, 0));
    for (const stage of track.stages) {
      const pressed = chosen?.track === track.track && chosen?.stage === stage.stage;
      const button = element("button", "", { class: hue(track.stages, stage), "aria-pressed": pressed });
      button.style.setProperty("--share", Math.max(0.02, stage.customers / total).toFixed(3));
      button.append(element("b", stage.customers.toLocaleString()), stage.stage);
      button.onclick = () => choose({ track: track.track, stage: stage.stage });
      row.append(button);
    }
    box.append(row);
    return box;
  }));
  if (!chosen) {
    const first = list[0];
    const fullest = first?.stages.find((stage) => stage.stage === "decline" && stage.customers) ?? first?.stages.find((stage) => stage.customers);
    if (fullest) await choose({ track: first.track, stage: fullest.stage });
  }
}

async function choose(stage) {
  chosen = stage;
  next = null;
  find("members-title").textContent = `Customers in ${stage.stage}`;
  find("members").replaceChildren();
  await showMembers();
  await showSummary();
}

async function showMembers() {
  const asked = chosen;
  const cursor = next ? `&cursor=${encodeURIComponent(next)}` : "";
  const page = await get(`/v1/customers?track=${encodeURIComponent(chosen.track)}&stage=${encodeURIComponent(chosen.stage)}&limit=60${cursor}`);
  if (asked !== chosen) return; // Another stage was chosen meanwhile.
  for (const customer of page.items) {
    const item = element("li");
    const button = element("button", customer.id);
    button.onclick = () => show(customer.id);
    item.append(button);
    find("members").append(item);
  }
  next = page.next;
  find("more").hidden = !next;
  if (!opened && (wanted || page.items.length)) await show(wanted ?? page.items[0].id);
}

// Opens a customer, or says why not.
const show = (id) => open(id).then(() => (find("notice").textContent = ""), (error) => (find("notice").textContent = error.message));

async function open(id) {
  if (id === "." || id === "..") throw new Error(`A browser cannot ask for a customer whose id is ${id}; curl --path-as-is can.`);
  const path = `/v1/customers/${encodeURIComponent(id)}`;
  const [picture, outlook, spans, timeline] = await Promise.all(
    [get(`${path}/life.svg`, "text"), get(`${path}/outlook`), get(`${path}/stages`), get(`${path}/timeline?order=desc&limit=25`)]);
  opened = id;
  find("customer").hidden = false;
  zone = outlook.zone;
  find("customer-id").textContent = `The life of ${id}`;
  find("zone").textContent = `Times of ${zone}`;
  find("picture").innerHTML = picture; // Made by our own server, which escapes every text in it.
  showOutlook(outlook);
  find("stages").replaceChildren(...spans.items.sort((one, other) => other.from.localeCompare(one.from)).map((span) => {
    const item = element("li", `${span.track}: ${span.stage} `);
    item.append(element("time", when(span.from)));
    if (span.words?.en) item.append(element("span", span.words.en, { class: "why" }));
    return item;
  }));
  find("timeline").replaceChildren(...timeline.items.filter((entry) => entry.kind !== "span").map((entry) => {
    const item = element("li", `${entry.name} `);
    item.append(element("time", when(entry.clock)));
    return item;
  }));
}

function showOutlook(outlook) {
  find("moves").replaceChildren(...outlook.moves.map((move) => {
    const item = element("li", `${move.track}: ${move.to} `);
    item.append(element("time", when(move.at)), element("span", move.words.en, { class: "why" }));
    return item;
  }));
  if (!outlook.moves.length) find("moves").replaceChildren(element("li", `No stage changes until ${when(outlook.until)}.`, { class: "none" }));
  find("missing").replaceChildren(...Object.entries(outlook.tracks).flatMap(([name, track]) => {
    const now = element("p", `${name}: ${track.stage} `, { class: "now" });
    now.append(element("span", track.stay.words.en, { class: "why" }));
    return [now, ...track.reachable.map(reachable)];
  }));
}

// A stage within reach: what it waits for, then what is missing for it.
function reachable(stage) {
  const box = element("div", "", { class: "reachable" });
  box.append(element("b", stage.stage));
  if (stage.blocked_by_keep) box.append(element("span", "The present stage keeps them.", { class: "why" }));
  if (stage.waits_until) box.append(element("span", `Not before ${when(stage.waits_until)}.`, { class: "why" }));
  if (stage.missing.length) box.append(shortfalls(stage.missing));
  return box;
}

function shortfalls(missing) {
  const list = element("ul");
  list.append(...missing.map((one) => {
    const item = element("li", one.any ? "One of these:" : one.all ? "All of these:" : one.words.en);
    if (one.any || one.all) item.append(shortfalls(one.any ?? one.all));
    else if (one.at) item.append(" ", element("time", when(one.at)));
    return item;
  }));
  return list;
}

async function start() {
  const notice = find("notice");
  document.querySelector("main").hidden = !key;
  find("sign-in").hidden = Boolean(key);
  if (!key) return (notice.textContent = "Enter the admin key. It is in server.json, in the server's data folder (.lifecycle by default).");
  try {
    notice.textContent = "";
    await showSummary();
  } catch (error) {
    notice.textContent = error.message;
    document.querySelector("main").hidden = true;
    find("sign-in").hidden = false;
  }
}

find("more").onclick = showMembers;
find("find").onsubmit = (event) => {
  event.preventDefault();
  const id = find("find-id").value;
  if (id.trim()) show(id);
};
find("sign-in").onsubmit = (event) => {
  event.preventDefault();
  key = find("key").value.trim();
  sessionStorage.setItem("key", key);
  start();
};
// What is shown is kept up to date; while the server is away, that is said until it is back.
let away = false;
async function refresh() {
  if (!key || document.hidden || document.querySelector("main").hidden) return;
  try {
    await showSummary();
    if (opened) await open(opened);
    if (away) find("notice").textContent = "";
    away = false;
  } catch (error) {
    away = true;
    find("notice").textContent = error.message;
  }
}
setInterval(refresh, 5000);
// A link with another key or customer, followed where the page is open already.
addEventListener("hashchange", () => {
  readAddress();
  opened = chosen = null;
  start();
});
readAddress();
start();
