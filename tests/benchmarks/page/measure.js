// What can be seen of a page: sizes of the document, of each chart, and of the text in them.
function measure(shown) {
  const root = shown.documentElement;
  const view = shown.defaultView;
  return {
    width: root.clientWidth,
    scrollWidth: root.scrollWidth,
    height: root.scrollHeight,
    background: view.getComputedStyle(shown.body).backgroundColor,
    charts: [...shown.querySelectorAll("figure")].map((figure) => {
      const drawings = [...figure.querySelectorAll("svg")];
      const visible = drawings.filter((svg) => svg.getBoundingClientRect().height > 0);
      return { name: figure.id, drawings: visible.map((svg) => measureDrawing(svg, view)) };
    }),
  };
}

function measureDrawing(svg, view) {
  const box = svg.getBoundingClientRect();
  const scale = box.width / svg.viewBox.baseVal.width;
  const words = [...svg.querySelectorAll("text")].map((text) => ({
    text: text.textContent,
    size: parseFloat(view.getComputedStyle(text).fontSize) * scale,
    box: text.getBoundingClientRect(),
  }));
  return {
    layout: svg.parentElement.className,
    height: box.height,
    smallest: Math.min(...words.map((word) => word.size)),
    outside: words.filter((word) => !isInside(word.box, box)).map((word) => word.text),
    overlapping: overlapping(words),
  };
}

// A pixel more or less does not matter.
function isInside(inner, outer) {
  return (
    inner.left >= outer.left - 1 && inner.right <= outer.right + 1 &&
    inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1
  );
}

// Boxes of text are higher than letters, so a few pixels of them may overlap.
function overlapping(words) {
  const found = [];
  words.forEach((one, index) => {
    for (const other of words.slice(index + 1)) {
      const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (width > 1 && height > 5) found.push(`${one.text} / ${other.text}`);
    }
  });
  return found;
}
