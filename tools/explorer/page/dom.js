// Views are functions from data to elements. `h` makes an element; `morph` changes what is shown
// into what a view returned and keeps every node that is still wanted, so that focus, selection and
// a half-made click survive live updates.

export function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((x) => x !== null && x !== undefined && x !== false));
  return element;
}

/// Rows of lists carry a `data-key`, one each; everything else is matched by its place.
const key_of = (node) => node.dataset?.key;
const is_like = (a, b) => a.nodeName === b.nodeName && key_of(a) === key_of(b);

export function morph(shown, wanted) {
  if (shown.nodeType === Node.TEXT_NODE) {
    if (shown.data !== wanted.data) shown.data = wanted.data;
    return;
  }
  for (const { name } of [...shown.attributes])
    if (!wanted.hasAttribute(name)) shown.removeAttribute(name);
  for (const { name, value } of [...wanted.attributes])
    if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  morph_children(shown, [...wanted.childNodes]);
}

export function morph_children(shown, wanted) {
  const keyed = new Map([...shown.children].filter(key_of).map((x) => [key_of(x), x]));
  let at = shown.firstChild;
  for (const node of wanted) {
    const key = key_of(node);
    const kept = key ? keyed.get(key) : at;
    keyed.delete(key);
    if (!kept || !is_like(kept, node)) {
      shown.insertBefore(node, at);
      continue;
    }
    if (kept === at) at = at.nextSibling;
    else shown.insertBefore(kept, at);
    morph(kept, node);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}
