"""Whether what a page shows can be told from its ground: scripts that a test runs in the page."""

# Of colours as they end up on the screen: what stands behind an element, and the contrast as WCAG 2 has it.
COLOURS = """
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((c, i) => (c * a + under[i] * (255 - a)) / 255).concat(255);
  const behind = (node) => {
    if (!node) return [255, 255, 255, 255];
    const colour = rgba(getComputedStyle(node).backgroundColor);
    return colour[3] === 255 ? colour : over(colour, behind(node.parentElement));
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (colour, back) => {
    const [a, b] = [light(back), light(over(colour, back))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const ratio = (part) => contrast(rgba(getComputedStyle(part).backgroundColor), behind(part.parentElement));
"""

# Every visible text whose contrast is below what WCAG 2 AA asks for.
CONTRASTS = (
    f"() => {{ {COLOURS} "
    + """
  const poor = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    const box = node.getBoundingClientRect();
    if (!texts.currentNode.data.trim() || !node.checkVisibility() || box.width < 2 || node.closest(".unsent")) continue;
    const found = contrast(rgba(getComputedStyle(node).color), behind(node));
    if (found < 4.5) poor.push(`${texts.currentNode.data.trim().slice(0, 30)} ${found.toFixed(2)}`);
  }
  return poor;
}"""
)
