// Import and export: pipeline files, and what other libraries write. What differs is said before anything is forgotten.

import { askJson } from "./ask.js";
import { copied, download } from "./details.js";
import { byId, element } from "./element.js";

export async function exchange(studio) {
  const dialog = byId("files");
  const library = element("select", { id: "library" }, element("option", { value: "variegate" }, "Variegate (YAML or JSON)"),
    ...studio.libraries.map(([word, title]) => element("option", { value: word }, `${title} (JSON)`)));
  const text = element("textarea", { id: "given", rows: 9, spellcheck: "false", placeholder: "Paste a pipeline here, or open a file." });
  const said = element("p", { class: "said", role: "status" });
  const file = element("input", { type: "file", id: "file", accept: ".yaml,.yml,.json,.txt" });
  file.addEventListener("change", async () => {
    if (file.files[0]) text.value = await file.files[0].text();
  });
  const take = element("button", { type: "button", class: "main", id: "take", onclick: async () => {
    try {
      const { document, remarked, refused } = await askJson("api/import", { text: text.value, library: library.value });
      studio.replace(document);
      said.textContent = ["Imported; Undo brings the former pipeline back.", refused, remarked].filter(Boolean).join("\n");
    } catch (error) {
      said.textContent = error.message;
    }
  } }, "Import");
  const out = element("div", { class: "choices" });
  dialog.replaceChildren(
    element("div", { class: "head" }, element("h2", {}, "Import"), element("button", { type: "button", onclick: () => dialog.close() }, "Close")),
    element("div", { class: "choices" }, element("label", { for: "library" }, "From "), library, element("label", { for: "file" }, "File "), file),
    element("label", { for: "given" }, "Pipeline"), text, take, said, element("h2", {}, "Export"), out);
  dialog.showModal();
  const now = async () => askJson("api/describe", { document: studio.document(), picture: studio.chosen, epoch: 0 });
  for (const [kind, label, name] of [["yaml", "YAML", "pipeline.yaml"], ["python", "Python", "pipeline.py"]]) {
    const tell = (does) => async () => {
      try {
        does((await now())[kind]);
      } catch (error) {
        said.textContent = error.message;
      }
    };
    const copy = element("button", { type: "button" }, `Copy ${label}`);
    copy.addEventListener("click", tell((made) => copied(copy, made)));
    out.append(copy, element("button", { type: "button", onclick: tell((made) => download(name, made)) }, `Download ${label}`));
  }
}
