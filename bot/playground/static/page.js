// The living page: fetches its own state again whenever the server says that something changed, and sends forms
// without leaving. No library. Without this script the page still works, one load a click.

const body = document.body;
const log = document.getElementById("log");
const list = document.getElementById("messages");
const below = document.getElementById("below");
const drafts = new Map();
const sent = new Map(); // part or message id -> HTML as the server last gave it
let clock = { at: Number(body.dataset.now), since: performance.now(), running: body.dataset.running === "yes" };

const here = () => ({ me: body.dataset.me, chat: body.dataset.chat, lang: body.dataset.lang });
const query = (state) => new URLSearchParams(Object.entries(state).filter(([, value]) => value)).toString();
const composer = () => document.getElementById("say");
const draftKey = () => `${body.dataset.me} ${body.dataset.chat}`;

// ---------------------------------------------------------------- drawing

function fill(element, html) {
  const open = new Set([...element.querySelectorAll("details[open][data-keep]")].map((d) => d.dataset.keep));
  const fields = new Map();
  for (const input of element.querySelectorAll("details[open] :is(input, select, textarea)[name]:not([type=hidden])")) {
    fields.set(`${input.closest("details").dataset.keep}/${input.name}`, input);
  }
  const focused = element.contains(document.activeElement) ? document.activeElement.getAttribute("name") : null;
  element.innerHTML = html;
  for (const details of element.querySelectorAll("details[data-keep]")) {
    if (open.has(details.dataset.keep)) details.open = true;
  }
  for (const input of element.querySelectorAll("details[open] :is(input, select, textarea)[name]:not([type=hidden])")) {
    const before = fields.get(`${input.closest("details").dataset.keep}/${input.name}`);
    if (!before) continue;
    if (input.multiple) for (const option of input.options) option.selected = [...before.selectedOptions].some((o) => o.value === option.value);
    else if (input.type === "checkbox") input.checked = before.checked;
    else input.value = before.value;
  }
  if (focused) element.querySelector(`[name="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

// What is inside a step of the week is fetched when the step is opened, and kept.
const steps = new Map();

async function showSteps() {
  for (const box of document.querySelectorAll(".week .steps details[open] > .inside:empty")) {
    const number = box.parentElement.dataset.keep.replace("step", "");
    if (!steps.has(number)) {
      const answer = await fetch(`week/${number}?lang=${body.dataset.lang}`);
      steps.set(number, answer.ok ? await answer.text() : "");
    }
    box.innerHTML = steps.get(number);
  }
}
document.querySelector('[data-part="week"]').addEventListener("toggle", showSteps, true);

// Bodies of the inspector's lines are fetched when a line is opened, and kept; without scripts there is a link to each.
const details = new Map();

async function showDetails() {
  for (const link of document.querySelectorAll("#trace details[open] [data-detail]")) {
    if (!details.has(link.href)) {
      const answer = await fetch(link.href);
      details.set(link.href, answer.ok ? await answer.text() : "");
    }
    const box = document.createElement("pre");
    box.tabIndex = 0;
    box.textContent = details.get(link.href);
    link.replaceWith(box);
  }
}
document.getElementById("trace").addEventListener("toggle", showDetails, true);

function drawParts(parts, moved) {
  for (const [name, html] of Object.entries(parts)) {
    if (sent.get(name) === html && !(moved && name === "composer")) continue;
    const element = document.querySelector(`[data-part="${name}"]`);
    const kept = name === "composer" && !moved ? keepComposer() : null;
    const tops = [...element.querySelectorAll("[data-scroll]"), element].map((box) => box.scrollTop);
    sent.set(name, html);
    fill(element, html);
    if (name === "trace") showDetails();
    [...element.querySelectorAll("[data-scroll]"), element].forEach((box, index) => { box.scrollTop = tops[index] ?? 0; });
    if (name === "week") showWeek();
    if (kept) restoreComposer(kept);
  }
  if (moved) {
    const area = composer()?.elements.text;
    if (area && !area.value) area.value = drafts.get(draftKey()) ?? "";
    grow();
  }
  search();
}

function drawMessages(messages, moved) {
  const atEnd = moved || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const wanted = new Set(messages.map(([id]) => id));
  for (const item of [...list.children]) if (moved || !wanted.has(item.id.slice(2))) item.remove();
  let news = false;
  let changed = false;
  let previous = null;
  for (const [id, html] of messages) {
    const known = document.getElementById(`m-${id}`);
    if (!known || sent.get(id) !== html) {
      const box = document.createElement("template");
      box.innerHTML = html.trim();
      const fresh = box.content.firstElementChild;
      const hold = known && known.contains(document.activeElement) ? document.activeElement.getAttribute("name") : null;
      if (known) known.replaceWith(fresh);
      else if (previous) previous.after(fresh);
      else list.prepend(fresh);
      if (hold) fresh.querySelector(`[name="${CSS.escape(hold)}"]`)?.focus({ preventScroll: true });
      if (sent.size && !moved) fresh.classList.add("flash");
      if (known) changed = true;
      else news = true;
      sent.set(id, html);
      previous = fresh;
    } else previous = known;
  }
  document.getElementById("nothing").hidden = messages.length > 0;
  emptyHint();
  if (atEnd) log.scrollTop = log.scrollHeight;
  else if (news) below.hidden = false;
  return changed;
}

function emptyHint() {
  const kind = document.querySelector(".head")?.dataset.kind;
  document.querySelector("#nothing [data-group]").hidden = kind !== "group";
  document.querySelector("#nothing [data-private]").hidden = kind !== "private";
}

// ---------------------------------------------------------------- the week

const FOLLOW = "huiyin-follow";
let place = null; // number of the last place that the play was seen at
const follows = () => { try { return sessionStorage.getItem(FOLLOW) !== "no"; } catch { return true; } };

function showWeek() {
  const box = document.querySelector("[data-follow]");
  if (box) box.checked = follows();
  showSteps();
  const next = document.querySelector(".week .steps .next");
  if (!next) return;
  const list = next.closest("[data-scroll]");
  const below = next.offsetTop + next.offsetHeight - list.clientHeight;
  if (list.scrollTop < below || list.scrollTop > next.offsetTop) list.scrollTop = below + list.clientHeight / 3;
}

function openWeek() {
  const week = document.querySelector(".week");
  showTab("inspector");
  week.open = true;
  week.scrollIntoView({ block: "start" });
  week.querySelector("button.primary")?.focus({ preventScroll: true });
}

// The card that is pressed, or was just now, wherever in the chat it stands.
function showPressed(pressed) {
  if (!pressed?.card || !follows() || pressed.me !== here().me) return;
  const cards = [...list.querySelectorAll(".message:has(.card)")].filter((card) => card.textContent.includes(pressed.card));
  cards.at(-1)?.scrollIntoView({ block: "end" });
}

// The play moved on: become whoever acts, where it happens, so that the message is seen to appear.
async function follow(news) {
  const before = place;
  place = news.place?.number ?? null;
  if (before === null || place === before || !news.place?.me || !follows()) return;
  const now = here();
  if (news.place.me === now.me && news.place.chat === now.chat) return;
  await go(`?${query({ ...now, me: news.place.me, chat: news.place.chat, tab: body.dataset.tab })}`, { push: false });
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-follow]")) return;
  try { sessionStorage.setItem(FOLLOW, event.target.checked ? "yes" : "no"); } catch { /* private window */ }
});

// ---------------------------------------------------------------- news

let running = false;
let again = false;

async function refresh(state = here(), moved = false) {
  if (running && !moved) { again = true; return; }
  running = true;
  let news = null;
  try {
    const answer = await fetch(`news?${query(state)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    news = await answer.json();
    const now = here();
    if (!moved && (now.me !== state.me || now.chat !== state.chat)) { again = true; return; }
    const elsewhere = moved || news.me !== now.me || news.chat !== now.chat;
    body.dataset.me = news.me;
    body.dataset.chat = news.chat;
    document.title = news.title;
    clock = { at: news.now, since: performance.now(), running: news.running };
    drawParts(news.parts, elsewhere);
    const changed = drawMessages(news.messages, elsewhere);
    if (changed || place !== news.place?.number) showPressed(news.place);
    tick();
    if (news.unread && document.visibilityState === "visible" && isTalking()) await post("read", here());
  } catch {
    // the stream tells when the server is gone for good
  } finally {
    running = false;
    if (again) { again = false; refresh(); }
  }
  if (news) await follow(news);
}

const isTalking = () => log.offsetParent !== null;

async function go(href, { push = true } = {}) {
  const area = composer()?.elements.text;
  if (area) drafts.set(draftKey(), area.value);
  const state = Object.fromEntries(new URL(href, location.href).searchParams);
  body.dataset.tab = state.tab ?? "chats";
  below.hidden = true;
  if (push) {
    const { draft, ...kept } = state;
    history.pushState(null, "", `?${query(kept)}`);
  }
  await refresh(state, true);
  if (push && !composer()) return;
  history.replaceState(null, "", `?${query({ ...here(), tab: body.dataset.tab })}`);
  if (state.draft) composer()?.elements.text.focus();
}

let stream = null;
function listen() {
  if (document.visibilityState !== "visible") { stream?.close(); stream = null; return; }
  if (stream) return;
  stream = new EventSource("changes");
  let lost = 0;
  stream.onmessage = () => { lost = 0; refresh(); };
  stream.onerror = () => { if ((lost += 1) === 4) toast(body.dataset.offline, "error"); };
}
// Hidden tabs let go of their connection, because browsers allow six to one server; they look now and then for the title.
document.addEventListener("visibilitychange", () => { listen(); if (document.visibilityState === "visible") refresh(); });
setInterval(() => { if (document.visibilityState !== "visible") refresh(); }, 5000);

// ---------------------------------------------------------------- doing

async function post(action, fields) {
  const data = fields instanceof FormData ? fields : new FormData();
  if (!(fields instanceof FormData)) for (const [name, value] of Object.entries(fields)) data.append(name, value);
  const answer = await fetch(action, { method: "POST", body: data, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${action}: ${answer.status}`);
  return answer.json();
}

async function submit(form, button) {
  const question = button?.dataset.confirm ?? form.dataset.confirm;
  if (question && !(await sure(question))) return;
  const data = new FormData(form);
  if (button?.name) data.append(button.name, button.value);
  const isSaying = form.id === "say";
  if (isSaying && !data.get("text").trim() && !data.get("picture")?.size) return;
  if (isSaying) clearComposer(form);
  const menu = form.closest("details:not([data-stay])")?.dataset.keep;
  form.classList.add("busy");
  try {
    const outcome = await post(form.getAttribute("action"), data);
    if (outcome.toast) toast(outcome.toast.words, outcome.toast.kind);
    if (menu) document.querySelector(`.menu[data-keep="${CSS.escape(menu)}"]`)?.removeAttribute("open");
    if (outcome.chat) await go(`?${query({ ...here(), chat: outcome.chat })}`);
    else await refresh();
    if (isSaying) log.scrollTop = log.scrollHeight;
  } catch {
    toast(body.dataset.offline, "error");
  } finally {
    form.classList.remove("busy");
  }
}

function sure(question) {
  const dialog = document.getElementById("sure");
  dialog.querySelector("p").textContent = question;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
}

function toast(words, kind = "info") {
  const box = document.createElement("div");
  box.className = `toast ${kind}`;
  box.textContent = words;
  document.getElementById("toasts").append(box);
  setTimeout(() => box.remove(), 2500 + words.length * 40);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-post]")) return;
  event.preventDefault();
  submit(form, event.submitter);
});
document.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  if (form?.matches("[data-onchange]")) submit(form, null);
  if (event.target.name === "picture" && event.target.files.length) submit(form, null);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-go], a[data-tab-to], a[data-week]");
  if (link && !event.metaKey && !event.ctrlKey && event.button === 0) {
    event.preventDefault();
    const { tabTo, week } = link.dataset;
    if (week !== undefined) openWeek();
    else if (tabTo) showTab(tabTo);
    else go(link.href);
    return;
  }
  if (event.target.closest("dialog")) return; // its answer belongs to the menu that asked
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const acts = event.target.closest("[data-acts]");
  if (event.target.closest("[data-quote]")) startQuote();
  showActs(acts && acts !== actsOf ? acts : null);
  if (event.target.closest("[data-unquote]")) endQuote(composer());
  if (event.target.closest("[data-at]")) insertAt();
  const pick = event.target.closest("#picker li");
  if (pick) choose(pick);
  const step = event.target.closest("[data-step-to]");
  if (step) showStep(Number(step.dataset.stepTo));
  if (event.target.closest("[data-tour]")) showStep(1);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll(".menu[open]")) menu.open = false;
    picker()?.setAttribute("hidden", "");
    showActs(null);
  }
});
window.addEventListener("popstate", () => go(location.href, { push: false }));
below.addEventListener("click", () => { log.scrollTop = log.scrollHeight; });
log.addEventListener("scroll", () => { if (log.scrollHeight - log.scrollTop - log.clientHeight < 40) below.hidden = true; });

function showTab(tab) {
  body.dataset.tab = tab;
  history.replaceState(null, "", `?${query({ ...here(), tab })}`);
  if (tab === "chats") { log.scrollTop = log.scrollHeight; refresh(); }
}

// ---------------------------------------------------------------- writing

const picker = () => document.getElementById("picker");

function keepComposer() {
  const form = composer();
  return form ? { text: form.elements.text.value, at: form.elements.text.selectionStart, quoting: form.elements.quoting.value, picks: form.elements.picks.value, words: form.querySelector(".quoted span").textContent, focused: document.activeElement === form.elements.text } : null;
}

function restoreComposer(kept) {
  const form = composer();
  if (!form) return;
  form.elements.text.value = kept.text;
  form.elements.picks.value = kept.picks;
  if (kept.quoting) setQuote(kept.quoting, kept.words);
  if (kept.focused) { form.elements.text.focus(); form.elements.text.setSelectionRange(kept.at, kept.at); }
  grow();
}

function clearComposer(form) {
  setTimeout(() => {
    form.elements.text.value = "";
    form.elements.picks.value = "";
    form.elements.picture.value = "";
    endQuote(form);
    drafts.delete(draftKey());
    grow();
  });
}

function setQuote(id, words) {
  const form = composer();
  form.elements.quoting.value = id;
  form.querySelector(".quoted span").textContent = words;
  form.querySelector(".quoted").hidden = false;
}

// The menu of a message: one for all of them, filled with the id of the message it was opened for.
let actsOf = null;

function showActs(button) {
  const menu = document.getElementById("act");
  actsOf = button;
  if (!menu) return;
  menu.hidden = !button;
  if (!button) return;
  const message = button.closest(".message");
  for (const emoji of menu.querySelectorAll("[data-emoji]")) emoji.value = `${message.id.slice(2)} ${emoji.dataset.emoji}`;
  menu.elements.recall.value = message.id.slice(2);
  menu.elements.recall.hidden = !message.classList.contains("own");
  const at = button.getBoundingClientRect();
  const box = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.width - 8))}px`;
  menu.style.top = `${at.bottom + box.height + 8 > innerHeight ? at.top - box.height - 4 : at.bottom + 4}px`;
  menu.querySelector("button").focus({ preventScroll: true });
}

function startQuote() {
  const message = actsOf?.closest(".message");
  if (!message) return;
  const words = message.querySelector(".bubble, .cardhead b")?.textContent ?? "";
  setQuote(message.id.slice(2), `${actsOf.dataset.acts}：${words.trim().slice(0, 60)}`);
  composer().elements.text.focus();
}

function endQuote(form) {
  form.elements.quoting.value = "";
  form.querySelector(".quoted").hidden = true;
}

function grow() {
  const area = composer()?.elements.text;
  if (!area) return;
  area.rows = Math.min(6, Math.max(2, area.value.split("\n").length));
}

// What is being written after the last @ before the caret, null when nothing is.
function sought(area) {
  const before = area.value.slice(0, area.selectionStart);
  const at = Math.max(before.lastIndexOf("@"), before.lastIndexOf("＠"));
  if (at < 0) return null;
  const words = before.slice(at + 1);
  return /\s/.test(words) || words.length > 12 ? null : { at, words };
}

function offer() {
  const area = composer()?.elements.text;
  if (!area) return;
  const found = sought(area);
  const options = [...picker().children];
  const names = options.map((option) => option.dataset.name);
  if (!found || names.some((name) => found.words.startsWith(name))) { picker().hidden = true; return; }
  const words = found.words.toLowerCase();
  for (const option of options) option.hidden = !option.textContent.toLowerCase().includes(words);
  const shown = options.filter((option) => !option.hidden);
  picker().hidden = shown.length === 0;
  mark(shown, 0);
}

function mark(shown, index) {
  for (const option of picker().children) option.classList.remove("on");
  const option = shown[(index + shown.length) % shown.length];
  option?.classList.add("on");
  option?.scrollIntoView({ block: "nearest" });
}

function choose(option) {
  const area = composer().elements.text;
  const found = sought(area) ?? { at: area.selectionStart, words: "" };
  const after = area.value.slice(area.selectionStart);
  const name = `@${option.dataset.name} `;
  area.value = area.value.slice(0, found.at) + name + after;
  area.focus();
  area.setSelectionRange(found.at + name.length, found.at + name.length);
  const picks = composer().elements.picks;
  picks.value = JSON.stringify({ ...JSON.parse(picks.value || "{}"), [option.dataset.name]: option.dataset.account });
  picker().hidden = true;
}

function insertAt() {
  const area = composer().elements.text;
  area.setRangeText("@", area.selectionStart, area.selectionEnd, "end");
  area.focus();
  offer();
}

document.addEventListener("input", (event) => {
  if (event.target.id === "search") search();
  if (event.target === composer()?.elements.text) { grow(); offer(); }
});
document.addEventListener("keydown", (event) => {
  const area = composer()?.elements.text;
  if (!area || event.target !== area || event.isComposing || event.keyCode === 229) return;
  const shown = [...picker().children].filter((option) => !option.hidden);
  const index = shown.findIndex((option) => option.classList.contains("on"));
  if (!picker().hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    mark(shown, index + (event.key === "ArrowDown" ? 1 : -1));
  } else if (!picker().hidden && ["Enter", "Tab"].includes(event.key) && index >= 0) {
    event.preventDefault();
    choose(shown[index]);
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    composer().requestSubmit(composer().querySelector("button.primary"));
  }
});

function search() {
  const words = document.getElementById("search").value.trim().toLowerCase();
  let found = false;
  for (const block of document.querySelectorAll("#people .block")) {
    let any = false;
    const heading = block.querySelector("h2").textContent;
    for (const person of block.querySelectorAll(".person")) {
      const said = `${person.textContent} ${person.dataset.sought} ${heading}`.toLowerCase();
      person.hidden = words !== "" && !said.includes(words);
      any ||= !person.hidden;
    }
    block.hidden = !any;
    found ||= any;
  }
  document.getElementById("nobody").hidden = found;
}

// ---------------------------------------------------------------- clock and tour

const shape = new Intl.DateTimeFormat(body.dataset.lang === "zh" ? "zh-CN" : "en-US", { timeZone: body.dataset.zone, month: body.dataset.lang === "zh" ? "numeric" : "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

function tick() {
  const at = clock.at + (clock.running ? performance.now() - clock.since : 0);
  const part = Object.fromEntries(shape.formatToParts(at).map(({ type, value }) => [type, value]));
  const time = `${part.hour}:${part.minute}:${part.second}`;
  const words = body.dataset.lang === "zh" ? `${part.month}月${part.day}日 ${part.weekday} ${time}` : `${part.weekday} ${part.day} ${part.month} ${time}`;
  const shown = document.getElementById("now");
  if (shown.textContent !== words) shown.textContent = words;
}
setInterval(tick, 250);

const remember = (step) => { try { localStorage.setItem("huiyin-tour", String(step)); } catch { /* private window */ } };
const remembered = () => { try { return localStorage.getItem("huiyin-tour"); } catch { return null; } };

function showStep(number) {
  const tour = document.getElementById("tour");
  if (!tour) return;
  const step = tour.querySelector(`[data-step="${number}"]`);
  tour.hidden = !step;
  for (const other of tour.querySelectorAll("[data-step]")) other.hidden = other !== step;
  remember(number);
}

// ---------------------------------------------------------------- beginning

for (const part of document.querySelectorAll("[data-part]")) sent.set(part.dataset.part, null);
showStep(Number(remembered() ?? 1));
emptyHint();
log.scrollTop = log.scrollHeight;
tick();
refresh({ ...here(), draft: new URLSearchParams(location.search).get("draft") }, true);
listen();
