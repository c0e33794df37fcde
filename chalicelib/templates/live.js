(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const bar = byId("live"), state = byId("live-state"), button = byId("live-pause"), said = byId("live-said");
  const reload = byId("reload");
  if (!bar) return;
  let isPaused = false, isAsking = false, last = "";

  function tell(how) {
    bar.dataset.how = how;
    if (state.textContent !== state.dataset[how]) state.textContent = state.dataset[how];
  }

  function show(page) {
    const old = byId("numbers"), fresh = page.getElementById("numbers");
    if (!fresh) throw new Error("This is another page.");
    const open = [...old.querySelectorAll("details[open]")].map((each) => each.id);
    const focused = document.activeElement && document.activeElement.id;
    old.replaceWith(fresh);
    open.forEach((id) => byId(id) && byId(id).setAttribute("open", ""));
    if (focused && byId(focused) !== document.activeElement) byId(focused)?.focus({ preventScroll: true });
    document.title = page.title;
    if (said.textContent !== fresh.dataset.said) said.textContent = fresh.dataset.said;
    if (!("live" in fresh.dataset)) end();
  }

  async function update() {
    if (isPaused || isAsking || document.hidden) return;
    isAsking = true;
    try {
      const answer = await fetch(reload.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(10000) });
      if (!answer.ok) throw new Error(answer.status);
      const text = await answer.text();
      if (isPaused) return;
      if (text !== last) show(new DOMParser().parseFromString(text, "text/html"));
      last = text;
      tell("live");
    } catch {
      if (!isPaused) tell("lost");
    } finally {
      isAsking = false;
    }
  }

  function end() {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", update);
    reload.hidden = false;
    if (bar.contains(document.activeElement)) reload.focus();
    bar.hidden = true;
  }

  button.addEventListener("click", () => {
    isPaused = !isPaused;
    button.textContent = button.dataset[isPaused ? "resume" : "pause"];
    tell(isPaused ? "paused" : "live");
    update();
  });
  document.addEventListener("visibilitychange", update);
  const timer = setInterval(update, 5000);
  bar.hidden = false;
  reload.hidden = true;
  tell("live");
})();
