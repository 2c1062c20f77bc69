// In Teams: asks it for a token that says who looks at the tab, and sends it to the server, which checks it.
async function enter() {
  await microsoftTeams.app.initialize();
  const form = document.getElementById("enter");
  form.elements.token.value = await microsoftTeams.authentication.getAuthToken();
  form.submit();
}

enter().catch(() => {
  document.getElementById("waiting").hidden = true;
  document.getElementById("failed").hidden = false;
});
