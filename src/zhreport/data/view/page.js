"use strict";
(() => {
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const narrow = matchMedia("(max-width: 50rem)");
  const text = $("text"), table = document.querySelector("table"), filters = $("filters");
  const detail = $("detail"), find = $("find"), theme = $("theme"), list = $("reports"), go = $("go");
  const { say, fields } = JSON.parse(document.body.dataset.labels);
  const fill = (phrase, values) => phrase.replace(/\{(\w*)\}/g, (_, name) => values[name]);
  root.classList.add("js");

  // Records: each row with the pieces of its highlight (several where spans cross).
  const pieces = new Map();
  for (const mark of text.querySelectorAll("mark")) {
    const id = mark.dataset.r;
    if (pieces.has(id)) pieces.get(id).push(mark);
    else pieces.set(id, [mark]);
  }
  const reports = Array.from(text.querySelectorAll("article"), (article, at) => ({
    at, article, tbody: table.tBodies[at], title: article.dataset.title, link: list?.querySelectorAll("a")[at],
  }));
  const reportOf = new Map(reports.map((report) => [report.tbody, report]));
  const records = reports.flatMap((report) => Array.from(report.tbody.rows)).map((row, place) => {
    const id = row.id.slice(1), marks = pieces.get(id) || [];
    const above = marks.length ? marks[0].closest("[data-t]") : null;
    const cells = Array.from(row.cells, (cell) => cell.textContent);
    return {
      id, row, marks, place, cells,
      report: reportOf.get(row.parentElement),
      found: "f" in row.dataset,
      kind: row.dataset.k,
      status: row.dataset.s || "",
      campaign: row.dataset.c || "",
      themes: above ? above.dataset.t.split(" ") : [],
      words: cells.join("\n").toLowerCase(),
    };
  });
  const byId = new Map(records.map((record) => [record.id, record]));
  let order = records, selected = null, now = reports[0];
  const number = (n) => n.toLocaleString("en");
  const many = (n) => (n === 1 ? say.record : fill(say.records, { "": number(n) }));
  const shown = () => order.filter((record) => record.report === now && !record.row.hidden);

  // ---- the report that is shown
  function turn(report) {
    if (report === now) return;
    if (selected && selected.report !== report) select(null);
    for (const one of [now, report]) {
      const on = one === report;
      one.article.hidden = one.tbody.hidden = !on;
      if (on) one.link?.setAttribute("aria-current", "true");
      else one.link?.removeAttribute("aria-current");
    }
    now = report;
    text.scrollTop = 0;
    sections();
    tell();
    seek();
    rove();
  }
  function sections() {
    if (!go) return;
    go.replaceChildren(go.options[0], ...Array.from(
      now.article.querySelectorAll('[data-l="1"], [data-l="2"]'),
      (head) => new Option("\u3000".repeat(head.dataset.l - 1) + written(head).trim().replace(/\s+/g, " "), head.id),
    ));
    go.closest(".group").hidden = go.options.length < 2;
  }
  // The text of an element without the names of themes and the breaks of lines inside of words.
  function pieceNodes(element) {
    const nodes = [], walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(".tags, .br")) nodes.push(walker.currentNode);
    return nodes;
  }
  const written = (element) => pieceNodes(element).map((node) => node.data).join("");

  // ---- places in the text
  const lower = (words) => {
    const low = words.toLowerCase();
    return low.length === words.length ? low : words; // places stay places
  };
  const highlights = globalThis.CSS?.highlights;
  let places = [], place = -1;
  function seek() {
    const words = lower(find.value.trim());
    places = [];
    place = -1;
    if (words) {
      for (const part of now.article.querySelectorAll("[id^=p], .out, .title")) {
        const nodes = pieceNodes(part), whole = lower(nodes.map((node) => node.data).join(""));
        for (let from = whole.indexOf(words); from >= 0 && places.length < 10000; from = whole.indexOf(words, from + words.length)) {
          places.push(rangeOf(nodes, from, from + words.length));
        }
      }
    }
    if (highlights) {
      highlights.delete("here");
      if (places.length) highlights.set("found", new Highlight(...places));
      else highlights.delete("found");
    }
    $("hits").hidden = !words;
    $("places").textContent = fill(say["{n} in the text"], { n: number(places.length) });
    for (const button of $("hits").querySelectorAll("button")) button.disabled = !places.length;
  }
  function rangeOf(nodes, start, end) {
    const range = document.createRange();
    let at = 0, begun = false;
    for (const node of nodes) {
      if (!begun && start < at + node.length) {
        range.setStart(node, start - at);
        begun = true;
      }
      if (end <= at + node.length) {
        range.setEnd(node, end - at);
        break;
      }
      at += node.length;
    }
    return range;
  }
  function toPlace(by) {
    if (!places.length) return;
    place = (place < 0 ? (by > 0 ? 0 : places.length - 1) : place + by + places.length) % places.length;
    const range = places[place];
    highlights?.set("here", new Highlight(range));
    $("places").textContent = `${number(place + 1)} / ${number(places.length)}`;
    range.startContainer.parentElement.scrollIntoView({ block: "center" });
  }

  // ---- filters
  const checked = (name) =>
    new Set(Array.from(filters.querySelectorAll(`input[name="${name}"]:checked`), (box) => box.value));
  function apply() {
    const kinds = checked("kind"), states = checked("status"), audit = checked("found").size > 0;
    const wanted = theme ? theme.value : "", words = find.value.trim().toLowerCase();
    for (const report of reports) report.count = report.total = 0;
    for (const record of records) {
      const on =
        (!kinds.size || kinds.has(record.kind)) &&
        (!states.size || states.has(record.status)) &&
        (!audit || record.found) &&
        (!wanted || record.themes.includes(wanted)) &&
        (!words || record.words.includes(words));
      record.row.hidden = !on;
      for (const mark of record.marks) mark.classList.toggle("off", !on);
      record.report.count += on;
      record.report.total += 1;
    }
    for (const { link, count } of list ? reports : []) {
      link.querySelector(".n").textContent = number(count);
      link.classList.toggle("dim", !count);
    }
    for (const p of text.querySelectorAll("p[id]")) {
      p.classList.toggle("dim", Boolean(wanted) && !(p.dataset.t || "").split(" ").includes(wanted));
    }
    for (const group of filters.querySelectorAll("[data-group]")) {
      group.classList.toggle("any", checked(group.dataset.group).size > 0);
    }
    $("all").hidden = !wanted && !words && !kinds.size && !states.size && !audit;
    if (selected && selected.row.hidden) select(null);
    tell();
    seek();
    rove();
  }
  function tell() {
    const { count, total } = now;
    $("count").textContent =
      count === total ? many(total) : fill(say["{n} of {total}"], { n: number(count), total: many(total) });
    $("none").hidden = count > 0 || !total;
    $("taken").textContent = "";
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
    if (record) turn(record.report);
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
    const items = detail.querySelector("dl");
    items.replaceChildren();
    const head = [["kind", cells[2]], ["status", cells[3]], ["tone", cells[4]], ["period", cells[5]]];
    const more = moreOf(row);
    for (const [name, value] of [...head, ...more]) {
      if (!value) continue;
      const item = document.createElement("div");
      item.append(document.createElement("dt"), document.createElement("dd"));
      item.className = name;
      item.firstChild.textContent = named(name);
      item.lastChild.textContent = value;
      items.append(item);
    }
  }
  const named = (name) => fields[name] || name.replaceAll("_", " ");
  const moreOf = (row) =>
    row.dataset.more.split("\n").map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)]);
  const focusRow = (record) => record.row.focus({ preventScroll: true });
  function focusMark(record) {
    if (!record.marks.length) return;
    record.marks[0].tabIndex = -1;
    record.marks[0].focus({ preventScroll: true });
  }
  function step(by) {
    const rows = shown();
    if (!rows.length) return;
    const at = rows.indexOf(selected);
    const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
    const inTable = now.tbody.contains(document.activeElement), inText = text.contains(document.activeElement);
    // At phone width table and text are one column: stay where the reader is.
    select(next, { toText: !narrow.matches || !inTable, toRow: !narrow.matches || inTable });
    if (inText) focusMark(next);
    else if (inTable || !narrow.matches) focusRow(next);
  }

  // ---- mouse and touch
  table.addEventListener("click", (event) => {
    const row = event.target.closest("tbody tr");
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
    const inTable = now.tbody.contains(target), onMark = target.matches("mark");
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
      } else toPlace(1);
    } else if (typing) return;
    else if (event.key === "/") {
      open(true);
      find.focus();
      find.select();
    } else if (event.key === "n") toPlace(1);
    else if (event.key === "N") toPlace(-1);
    else if (event.key === "j" || (event.key === "ArrowDown" && (inTable || onMark))) step(1);
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
    tone: (a, b) => a.cells[4].localeCompare(b.cells[4]),
    period: (a, b) => a.cells[5].localeCompare(b.cells[5]),
  };
  document.querySelector("thead").addEventListener("click", (event) => {
    const th = event.target.closest("th");
    if (!th) return;
    const was = th.getAttribute("aria-sort");
    const next = was === "ascending" ? "descending" : was ? null : "ascending";
    for (const other of th.parentElement.cells) other.removeAttribute("aria-sort");
    if (next) th.setAttribute("aria-sort", next);
    const by = compare[th.dataset.sort], sign = next === "descending" ? -1 : 1;
    order = next ? [...records].sort((a, b) => sign * by(a, b) || a.place - b.place) : records;
    for (const report of reports) {
      report.tbody.append(...order.filter((record) => record.report === report).map((record) => record.row));
    }
    rove();
  });

  // ---- the rows shown, as a table to take along
  function taken() {
    const heads = Array.from(table.tHead.rows[0].cells, (th) => th.textContent.trim());
    const numbers = ["value", "low", "high", "unit"];
    const lines = [[named("doc"), ...heads, ...numbers.map(named), named("start"), named("end"), named("sentence")]];
    for (const record of shown()) {
      const more = new Map(moreOf(record.row));
      const values = numbers.map((name) => (more.get(name) || ""));
      for (const n of [0, 1, 2]) values[n] = values[n].replaceAll(",", "");
      const sentence = record.marks[0]?.closest(".s");
      lines.push([
        now.title, ...record.cells, ...values, ...more.get("offsets").split("–"),
        sentence ? written(sentence).trim().replace(/\s+/g, " ") : "",
      ]);
    }
    return lines;
  }
  // What a spreadsheet would take for a formula gets an apostrophe; a negative number is none.
  const cell = (value) =>
    /^[\s\p{Cf}]*[=+\-@＝＋－＠]/u.test(value) && !/^-?[0-9.]+$/.test(value) ? `'${value}` : value;
  const quoted = (value) => (/[",\r\n]/.test(cell(value)) ? `"${cell(value).replaceAll('"', '""')}"` : cell(value));
  $("take").addEventListener("click", (event) => {
    const what = event.target.closest("button")?.dataset.do, lines = taken();
    if (what === "csv") {
      const data = "\ufeff" + lines.map((line) => line.map(quoted).join(",") + "\r\n").join("");
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([data], { type: "text/csv" }));
      link.download = `${now.title || "zhreport"}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    } else if (what === "copy") {
      const data = lines.map((line) => line.map((value) => cell(value).replace(/[\t\r\n]+/g, " ")).join("\t")).join("\n");
      const put = (copying) => {
        copying.clipboardData.setData("text/plain", data);
        copying.preventDefault();
        $("taken").textContent = `${say.Copied}: ${many(lines.length - 1)}`;
      };
      // Works from a file and inside of a notebook, where a page may not use the newer clipboard.
      document.addEventListener("copy", put, { once: true });
      document.execCommand("copy");
      document.removeEventListener("copy", put);
    }
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
  go?.addEventListener("change", (event) => {
    event.stopPropagation();
    $(event.target.value)?.scrollIntoView({ block: "start" });
    event.target.value = "";
  });
  $("hits").addEventListener("click", (event) => {
    const what = event.target.closest("button")?.dataset.do;
    if (what) toPlace(what === "after" ? 1 : -1);
  });
  list?.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    unfold(false);
    turn(reports.find((report) => report.link === link));
    scrollTo(0, 0);
    try {
      history.replaceState(null, "", link.hash);
    } catch { /* as above */ }
  });
  function unfold(on) {
    list.classList.toggle("open", on);
    $("to-list").setAttribute("aria-expanded", String(on));
  }
  $("to-list").hidden = !list;
  $("to-list").addEventListener("click", () => unfold(!list.classList.contains("open")));
  $("to-table").addEventListener("click", (event) => {
    event.preventDefault();
    $("table").scrollIntoView({ block: "start" });
  });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const memory = {
    get: () => { try { return localStorage.getItem("zhreport-mode"); } catch { return null; } },
    set: (mode) => { try { localStorage.setItem("zhreport-mode", mode); } catch { /* not kept */ } },
  };
  function mode(wanted) {
    if (wanted === "dark" || wanted === "light") root.dataset.mode = wanted;
    $("mode").setAttribute("aria-pressed", String((root.dataset.mode || (dark.matches ? "dark" : "light")) === "dark"));
  }
  $("mode").addEventListener("click", () => {
    const next = $("mode").getAttribute("aria-pressed") === "true" ? "light" : "dark";
    memory.set(next);
    mode(next);
  });
  dark.addEventListener("change", () => mode(null));
  mode(memory.get());

  sections();
  apply();
  const opened = reports.find((report) => location.hash === `#${report.article.id}`);
  if (opened) turn(opened);
  const at = byId.get(location.hash.replace(/^#[mr]/, ""));
  if (at) select(at, { toText: true, toRow: !narrow.matches });
})();
