// Light, dark or as the system has it: set before the first paint, so this one script is not a module.
(() => {
  const KEY = "supporthub-theme";
  const order = ["system", "light", "dark"];
  const glyphs = { system: "◐", light: "☀", dark: "☾" };
  const kept = localStorage.getItem(KEY);
  let chosen = order.includes(kept) ? kept : "system";

  const apply = () => {
    if (chosen === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
  };
  apply();

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const label = () => {
      button.textContent = glyphs[chosen];
      button.setAttribute("aria-label", `Colours: ${chosen}. Change`);
      button.title = `Colours: ${chosen}`;
    };
    label();
    button.addEventListener("click", () => {
      chosen = order[(order.indexOf(chosen) + 1) % order.length];
      localStorage.setItem(KEY, chosen);
      apply();
      label();
    });
  });
})();
