"use strict";
(() => {
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const narrow = matchMedia("(max-width: 50rem)");
  const text = $("text"), tbody = document.querySelector("tbody"), filters = $("filters");
  const detail = $("detail"), find = $("find"), theme = $("theme");
  root.classList.add("js");

  // Records: each row with the pieces of its highlight (several where spans cross).
  const pieces = new Map();
  for (const mark of text.querySelectorAll("mark")) {
    const id = mark.dataset.r;
    if (pieces.has(id)) pieces.get(id).push(mark);
    else pieces.set(id, [mark]);
  }
  const records = Array.from(tbody.rows, (row, place) => {
    const id = row.id.slice(1), marks = pieces.get(id) || [];
    const above = marks.length ? marks[0].closest("[data-t]") : null;
    const cells = Array.from(row.cells, (cell) => cell.textContent);
    return {
      id, row, marks, place, cells,
      kind: row.dataset.k,
      status: row.dataset.s || "",
      campaign: row.dataset.c || "",
      themes: above ? above.dataset.t.split(" ") : [],
      words: cells.join("\n").toLowerCase(),
    };
  });
  const byId = new Map(records.map((record) => [record.id, record]));
  let order = records, selected = null;
  const number = (n) => n.toLocaleString("en");
  const shown = () => order.filter((record) => !record.row.hidden);

  // ---- filters
  const checked = (name) =>
    new Set(Array.from(filters.querySelectorAll(`input[name="${name}"]:checked`), (box) => box.value));
  function apply() {
    const kinds = checked("kind"), states = checked("status");
    const wanted = theme ? theme.value : "", words = find.value.trim().toLowerCase();
    let count = 0;
    for (const record of records) {
      const on =
        (!kinds.size || kinds.has(record.kind)) &&
        (!states.size || states.has(record.status)) &&
        (!wanted || record.themes.includes(wanted)) &&
        (!words || record.words.includes(words));
      record.row.hidden = !on;
      for (const mark of record.marks) mark.classList.toggle("off", !on);
      count += on;
    }
    for (const p of text.querySelectorAll("p[id]")) {
      p.classList.toggle("dim", Boolean(wanted) && !(p.dataset.t || "").split(" ").includes(wanted));
    }
    for (const group of filters.querySelectorAll("[data-group]")) {
      group.classList.toggle("any", checked(group.dataset.group).size > 0);
    }
    const all = count === records.length;
    const total = `${number(records.length)} record${records.length === 1 ? "" : "s"}`;
    $("count").textContent = all ? total : `${number(count)} of ${total}`;
    $("all").hidden = all && !wanted && !words && !kinds.size && !states.size;
    $("none").hidden = count > 0 || !records.length;
    if (selected && selected.row.hidden) select(null);
    rove();
  }

  // One row at a time is in the order of the Tab key.
  let stop = null;
  function rove() {
    const next = selected || shown()[0];
    if (stop) stop.row.tabIndex = -1;
    if (next) next.row.tabIndex = 0;
    stop = next || null;
  }

  // ---- selection
  function paint(record, on) {
    record.row.setAttribute("aria-selected", String(on));
    for (const mark of record.marks) {
      mark.classList.toggle("on", on);
      mark.closest(".s")?.classList.toggle("on", on);
    }
    if (!record.campaign) return;
    for (const other of records) {
      if (other === record || other.campaign !== record.campaign) continue;
      for (const mark of other.marks) mark.classList.toggle("same", on);
    }
  }
  function select(record, { toText = false, toRow = false } = {}) {
    if (selected !== record) {
      if (selected) paint(selected, false);
      selected = record;
      if (record) paint(record, true);
      describe();
      rove();
      try {
        history.replaceState(null, "", record ? `#m${record.id}` : location.href.split("#")[0]);
      } catch { /* a page inside a notebook has no address of its own */ }
    }
    if (!record) return;
    if (toText) reveal(record.marks[0]);
    if (toRow) record.row.scrollIntoView({ block: narrow.matches ? "center" : "nearest" });
  }
  function reveal(mark) {
    if (!mark) return;
    mark.scrollIntoView({ block: "center" });
    // Paragraphs far away have estimated heights in a long text: correct once they are laid out.
    if (document.body.classList.contains("long")) requestAnimationFrame(() => mark.scrollIntoView({ block: "center" }));
  }
  function describe() {
    detail.hidden = !selected;
    if (!selected) return;
    const { row, cells } = selected;
    detail.querySelector("strong").textContent = `${cells[0]}  ${cells[1]}`.trim();
    const list = detail.querySelector("dl");
    list.replaceChildren();
    const head = [["kind", cells[2]], ["status", cells[3]], ["period", cells[4]]];
    const more = row.dataset.more.split("\n").map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)]);
    for (const [name, value] of [...head, ...more]) {
      if (!value) continue;
      const item = document.createElement("div");
      item.append(document.createElement("dt"), document.createElement("dd"));
      item.firstChild.textContent = name.replaceAll("_", " ");
      item.lastChild.textContent = value;
      list.append(item);
    }
  }
  const focusRow = (record) => record.row.focus({ preventScroll: true });
  function focusMark(record) {
    if (!record.marks.length) return;
    record.marks[0].tabIndex = -1;
    record.marks[0].focus({ preventScroll: true });
  }
  function step(by) {
    const list = shown();
    if (!list.length) return;
    const at = list.indexOf(selected);
    const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + by))];
    const inTable = tbody.contains(document.activeElement), inText = text.contains(document.activeElement);
    // At phone width table and text are one column: stay where the reader is.
    select(next, { toText: !narrow.matches || !inTable, toRow: !narrow.matches || inTable });
    if (inText) focusMark(next);
    else if (inTable || !narrow.matches) focusRow(next);
  }

  // ---- mouse and touch
  tbody.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (!row) return;
    event.preventDefault();
    if (String(getSelection())) return; // the reader is copying
    const record = byId.get(row.id.slice(1));
    select(record, { toText: true });
    focusRow(record);
  });
  text.addEventListener("click", (event) => {
    const tag = event.target.closest(".tags button");
    if (tag) {
      theme.value = theme.value === tag.dataset.theme ? "" : tag.dataset.theme;
      apply();
      return;
    }
    if (String(getSelection())) return;
    let mark = event.target.closest("mark:not(.off)");
    // A second click goes from a claim to the campaign around it.
    if (mark && mark.classList.contains("on")) mark = mark.parentElement.closest("mark:not(.off)") || mark;
    if (!mark) return;
    const record = byId.get(mark.dataset.r);
    select(record, { toRow: !narrow.matches });
    const covered = narrow.matches && mark.getBoundingClientRect().bottom > detail.getBoundingClientRect().top;
    if (covered) reveal(mark);
    focusMark(record);
  });
  detail.addEventListener("click", (event) => {
    const what = event.target.closest("button")?.dataset.do;
    if (what === "next") step(1);
    else if (what === "previous") step(-1);
    else if (what === "text") reveal(selected.marks[0]);
    else if (what === "row") select(selected, { toRow: true });
    else if (what === "close") select(null);
  });

  // ---- keyboard
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    const typing = target.matches("input[type=search], select");
    const inTable = tbody.contains(target), onMark = target.matches("mark");
    if (event.key === "Escape") {
      if ($("help").open) {
        $("help").open = false;
        $("help").firstElementChild.focus();
      } else if (target === find && !find.value) find.blur();
      else if (target === find) {
        find.value = "";
        apply();
      } else if (selected) select(null);
      else if (!$("all").hidden) filters.reset();
      else return;
    } else if (target === find && (event.key === "Enter" || event.key === "ArrowDown")) {
      const first = shown()[0];
      if (first) {
        select(first, { toText: !narrow.matches, toRow: true });
        focusRow(first);
      }
    } else if (typing) return;
    else if (event.key === "/") {
      open(true);
      find.focus();
      find.select();
    } else if (event.key === "j" || (event.key === "ArrowDown" && (inTable || onMark))) step(1);
    else if (event.key === "k" || (event.key === "ArrowUp" && (inTable || onMark))) step(-1);
    else if (inTable && (event.key === "Home" || event.key === "End")) step(event.key === "Home" ? -1e9 : 1e9);
    else if (event.key === "Enter" && inTable) {
      const record = byId.get(target.closest("tr").id.slice(1));
      select(record, { toText: true });
      focusMark(record);
    } else if (event.key === "Enter" && onMark) {
      const record = byId.get(target.dataset.r);
      select(record, { toRow: true });
      focusRow(record);
    } else return;
    event.preventDefault();
  });

  // ---- sorting: up, down, then the order of the text again
  const compare = {
    what: (a, b) => a.cells[0].localeCompare(b.cells[0], "zh"),
    value: (a, b) =>
      (a.row.dataset.u || "").localeCompare(b.row.dataset.u || "", "zh") ||
      Number(a.row.dataset.v || 0) - Number(b.row.dataset.v || 0),
    kind: (a, b) => a.cells[2].localeCompare(b.cells[2]),
    status: (a, b) => a.cells[3].localeCompare(b.cells[3]),
    period: (a, b) => a.cells[4].localeCompare(b.cells[4]),
  };
  document.querySelector("thead").addEventListener("click", (event) => {
    const th = event.target.closest("th");
    if (!th) return;
    const was = th.getAttribute("aria-sort");
    const now = was === "ascending" ? "descending" : was ? null : "ascending";
    for (const other of th.parentElement.cells) other.removeAttribute("aria-sort");
    if (now) th.setAttribute("aria-sort", now);
    const by = compare[th.dataset.sort], sign = now === "descending" ? -1 : 1;
    order = now ? [...records].sort((a, b) => sign * by(a, b) || a.place - b.place) : records;
    tbody.append(...order.map((record) => record.row));
    rove();
  });

  // ---- the bar
  filters.addEventListener("change", apply);
  find.addEventListener("input", apply);
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("reset", () => setTimeout(apply));
  function open(on) {
    filters.classList.toggle("open", on);
    $("more-filters").setAttribute("aria-expanded", String(on));
  }
  $("more-filters").addEventListener("click", () => open(!filters.classList.contains("open")));
  $("go")?.addEventListener("change", (event) => {
    event.stopPropagation();
    $(event.target.value)?.scrollIntoView({ block: "start" });
    event.target.value = "";
  });
  $("to-table").addEventListener("click", (event) => {
    event.preventDefault();
    $("table").scrollIntoView({ block: "start" });
  });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const memory = {
    get: () => { try { return localStorage.getItem("zhreport-mode"); } catch { return null; } },
    set: (mode) => { try { localStorage.setItem("zhreport-mode", mode); } catch { /* not kept */ } },
  };
  function mode(now) {
    if (now === "dark" || now === "light") root.dataset.mode = now;
    $("mode").setAttribute("aria-pressed", String((root.dataset.mode || (dark.matches ? "dark" : "light")) === "dark"));
  }
  $("mode").addEventListener("click", () => {
    const next = $("mode").getAttribute("aria-pressed") === "true" ? "light" : "dark";
    memory.set(next);
    mode(next);
  });
  dark.addEventListener("change", () => mode(null));
  mode(memory.get());

  apply();
  const at = byId.get(location.hash.replace(/^#[mr]/, ""));
  if (at) select(at, { toText: true, toRow: !narrow.matches });
})();
