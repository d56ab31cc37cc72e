// What stays while views come and go: where they are shown, what screen readers are told, and whether there is a connection.
import { element } from "./dom/element";
import type { Texts } from "./languages/texts";
import type { View } from "./page";

export interface Shell {
  /** `notice`: what has just happened. `isOwnDoing`: false for what is there when the page opens. */
  show(view: View, notice: string | undefined, isOwnDoing: boolean): void;
  announce(text: string): void;
}

export function shell(texts: Texts): Shell {
  document.documentElement.lang = texts.tag;
  document.documentElement.dir = texts.direction;
  const view = document.getElementById("view");
  if (view === null) throw new Error("index.html has no #view");
  const spoken = element("p", { class: "visually-hidden", role: "status" });
  const connection = element("p", { class: "connection", role: "status" });
  view.before(connection);
  view.after(spoken);

  const announce = (text: string) => {
    // The same text again is a change only if there was another in between.
    spoken.textContent = "";
    requestAnimationFrame(() => (spoken.textContent = text));
  };

  const offline = () => (connection.textContent = texts.notices.offline);
  window.addEventListener("offline", offline);
  window.addEventListener("online", () => {
    connection.textContent = "";
    announce(texts.notices.online);
  });
  if (!navigator.onLine) offline();

  return {
    announce,
    show({ title, content, focus }, notice, isOwnDoing) {
      document.title = `${title} · ${SETTINGS.appName}`;
      const noticed = notice === undefined ? [] : [element("p", { class: "notice" }, notice)];
      view.replaceChildren(...noticed, ...content);
      if (isOwnDoing) focus.focus();
      if (notice !== undefined) announce(notice);
    },
  };
}
