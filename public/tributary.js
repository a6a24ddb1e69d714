// What makes pages better where there is JavaScript. Every page works without it.

// Times in the reader's own zone; the title keeps UTC.
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
function localise() {
  for (const time of document.querySelectorAll('time[datetime*="T"]')) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    const date = day.format(at).replace("Sept", "Sep");
    time.textContent = "day" in time.dataset ? date : `${date}, ${clock.format(at)}`;
  }
}
localise();
// The page was refreshed in place.
document.addEventListener("tributary:refreshed", localise);
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const word of document.querySelectorAll("[data-zone]")) {
  if (zone && zone !== "UTC") word.textContent = `times in ${zone.replaceAll("_", " ")}`;
}

// Texts that copy themselves.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const word = button.firstChild;
  const before = word.nodeValue;
  try {
    // Without a text of its own, what stands before the button.
    await navigator.clipboard.writeText(button.dataset.copy || button.previousElementSibling.textContent);
    word.nodeValue = "Copied";
  } catch {
    word.nodeValue = "Copy by hand";
  }
  button.setAttribute("aria-live", "polite");
  setTimeout(() => { word.nodeValue = before; }, 2000);
});

// An address that names something within a closed part opens it.
function open() {
  let id;
  try {
    id = decodeURIComponent(location.hash.slice(1));
  } catch {
    return;
  }
  const target = id && document.getElementById(id);
  const details = target && target.closest("details");
  if (!details) return;
  details.open = true;
  details.scrollIntoView({ block: "nearest" });
}
addEventListener("hashchange", open);
open();

// A refused form: to what is wrong with it.
document.getElementById("form-errors")?.focus();
