// What judging.py asks of a page from within.
window.judging = (() => {
  const roles = ["button", "link", "checkbox", "switch", "tab", "menuitem", "option", "slider"];
  const worked = ["a[href]", "button", "input:not([type=hidden])", "select", "textarea", "summary", "[contenteditable]",
    "[onclick]", "[tabindex]", ...roles.map(each => `[role=${each}]`)].join(", ");
  const shown = element => element.outerHTML.replace(/\s+/g, " ").slice(0, 100);
  const isThere = element => element.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true});
  const isOfGroup = (one, other) => one.type === "radio" && other.type === "radio" && one.name === other.name;
  const groundOf = element => {
    const colour = getComputedStyle(element).backgroundColor;
    return colour !== "rgba(0, 0, 0, 0)" || !element.parentElement ? colour : groundOf(element.parentElement);
  };
  const look = element => {
    const style = getComputedStyle(element);
    const ground = element.parentElement ? groundOf(element.parentElement) : "";
    const isSeen = style.outlineStyle !== "none" && style.outlineWidth !== "0px" && style.outlineColor !== ground;
    const outline = isSeen ? [style.outlineStyle, style.outlineWidth, style.outlineColor] : [];
    return [...outline, style.boxShadow, style.borderColor, style.backgroundColor, style.textDecorationLine].join();
  };
  let numbered = [];
  let left = null;

  return {
    tooWide(width) {
      const all = document.documentElement.scrollWidth;
      const wide = [...document.body.querySelectorAll("*")].filter(each => each.getBoundingClientRect().right > width + 0.5);
      return all > width ? [`the page is ${all} wide`, ...wide.slice(-5).map(shown)] : [];
    },

    // Everything that can be worked, but for what leaves the order of Tab by its own wish; of radio buttons the group.
    number() {
      const all = [...document.querySelectorAll(worked)];
      const open = all.filter(each => isThere(each) && !each.matches(":disabled, [tabindex='-1']"));
      numbered = open.filter((each, at) => !open.slice(0, at).some(before => isOfGroup(before, each)));
      return numbered.map(shown);
    },

    stop() {
      const at = document.activeElement;
      if (!at || at === document.body || at === document.documentElement) return null;
      const {x, y, width, height} = at.getBoundingClientRect();
      const number = numbered.findIndex(each => each === at || isOfGroup(each, at));
      const focused = look(at);
      this.leave();
      const showsFocus = look(at) !== focused;
      this.comeBack();
      return {number, showsFocus, shown: shown(at), box: [x, y, width, height]};
    },

    leave() {
      left = document.activeElement;
      left.blur();
    },

    comeBack() {
      left.focus({preventScroll: true});
    },
  };
})();
