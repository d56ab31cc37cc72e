import type { Texts } from "./texts";

function plural(count: number, one: string, other: string): string {
  return `${count} ${count === 1 ? one : other}`;
}

function attempts(count: number): string {
  return count === 1 ? "Te queda 1 intento" : `Te quedan ${count} intentos`;
}

export const es: Texts = {
  tag: "es",
  direction: "ltr",

  number: {
    title: "Iniciar sesión",
    introduction: "Escribe tu número de teléfono y te enviaremos un código por SMS. Sin contraseña.",
    country: "País o región",
    phoneNumber: "Número de teléfono",
    submit: "Continuar",
    submitting: "Enviando el código…",
    consent: "Un solo SMS. Tu operador puede aplicar su tarifa.",
    missing: "Escribe tu número de teléfono.",
    impossible: "Esto no parece un número de teléfono. Revísalo e inténtalo de nuevo.",
    tooShort: "El número es demasiado corto. Comprueba si faltan cifras.",
    tooLong: "El número es demasiado largo. Comprueba si sobran cifras.",
    countryNotServed: "Todavía no podemos enviar códigos a este país.",
    retryIn: (clock) => `Inténtalo de nuevo en ${clock}`,
  },

  code: {
    title: "Escribe tu código",
    sentTo: "Te lo hemos enviado por SMS al",
    code: "Código de un solo uso",
    submit: "Iniciar sesión",
    submitting: "Comprobando el código…",
    incomplete: (digits) => `Escribe las ${digits} cifras del código.`,
    goodFor: (clock) => `Caduca en ${clock}`,
    expired: "Este código ha caducado.",
    attemptsLeft: attempts,
    resend: "Enviar un código nuevo",
    resending: "Enviando un código nuevo…",
    resendIn: (clock) => `Código nuevo en ${clock}`,
    resent: "Te hemos enviado un código nuevo.",
    changeNumber: "Cambiar número",
    secondsLeft: (seconds) => `El código caduca en ${plural(seconds, "segundo", "segundos")}.`,
  },

  signedIn: {
    title: "Has iniciado sesión",
    introduction: "Tu token acaba de abrir una llamada protegida. Esta es la respuesta.",
    call: "Llamada protegida",
    calling: "Llamando…",
    callAgain: "Llamar otra vez",
    answer: "Respuesta",
    cache: {
      hit: (seconds) => {
        const rest = seconds === undefined ? "" : ` y vale ${plural(seconds, "segundo", "segundos")} más`;
        return `Acierto de caché: la respuesta viene de la caché perimetral (edge)${rest}.`;
      },
      stored: (seconds) => {
        const kept = seconds === undefined ? "" : ` durante ${plural(seconds, "segundo", "segundos")}`;
        return `Fallo de caché: se acaba de crear para ti y se guarda${kept}.`;
      },
      notStored: "Fallo de caché: se acaba de crear para ti y no se guarda.",
      bypassed: "No se consultó la caché.",
      unknown: "La respuesta no dice nada de una caché.",
    },
    age: (seconds) => `Antigüedad: ${plural(seconds, "segundo", "segundos")}.`,
    expiresIn: (clock) => `El token de acceso caduca en ${clock}`,
    expired: "El token de acceso ha caducado",
    renew: "Renovar ahora",
    renewing: "Renovando…",
    renewed: "Tienes un token de acceso nuevo.",
    signOut: "Cerrar sesión",
    signOutEverywhere: "Cerrar sesión en todos los dispositivos",
    signingOut: "Cerrando sesión…",
  },

  notices: {
    offline: "No tienes conexión. Lo que has escrito se conserva y seguiremos cuando vuelva.",
    online: "Vuelves a tener conexión.",
    signedOut: "Has cerrado la sesión.",
    signedOutEverywhere: "Has cerrado la sesión en todos tus dispositivos.",
    notEverywhere:
      "Tu sesión ya había terminado y quizá siga abierta en otros dispositivos. Inicia sesión y vuelve a cerrarla en todos.",
    sessionEnded: "Tu sesión ha terminado. Vuelve a iniciar sesión.",
  },

  humanCheck: {
    prompt: "Confirma que eres una persona y continúa.",
    failed: "No se pudo cargar la comprobación. Revisa tu conexión o tu bloqueador de contenido e inténtalo de nuevo.",
  },

  problems: {
    INVALID_REQUEST: "Algo de lo que has escrito no es válido. Revísalo e inténtalo de nuevo.",
    INVALID_PHONE_NUMBER: "Este número no puede recibir mensajes. Revísalo e inténtalo de nuevo.",
    WRONG_CODE: ({ attemptsLeft }) =>
      `Ese no es el código. ${attemptsLeft === undefined ? "Inténtalo de nuevo" : attempts(attemptsLeft)}.`,
    INVALID_TOKEN: "Tu sesión ya no es válida. Vuelve a iniciar sesión.",
    NOT_AUTHORIZED: "Tu sesión ha terminado. Vuelve a iniciar sesión.",
    DESTINATION_NOT_ALLOWED: "No podemos enviar códigos a este número. Prueba con uno de otro país.",
    HUMAN_CHECK_REQUIRED: "Confirma que eres una persona y continúa.",
    INSUFFICIENT_SCOPE: "Has iniciado sesión, pero no puedes abrir esto.",
    NOT_FOUND: "Aquí no hay nada.",
    METHOD_NOT_ALLOWED: "Esto no se puede hacer aquí.",
    EXPIRED_CODE: "Este código ha caducado. Pide uno nuevo.",
    BODY_TOO_LARGE: "Es más de lo que podemos recibir.",
    UNSUPPORTED_MEDIA_TYPE: "Se envió de una forma que no aceptamos. Recarga la página e inténtalo de nuevo.",
    TOO_MANY_REQUESTS: ({ wait }) => `Demasiados intentos. Inténtalo de nuevo ${wait ?? "más tarde"}.`,
    INTERNAL: "Algo ha fallado por nuestra parte. Inténtalo de nuevo.",
    UPSTREAM_ERROR: "No se pudo enviar el mensaje o comprobar el código. Inténtalo de nuevo.",
    UPSTREAM_UNAVAILABLE: ({ wait }) => `Ahora mismo hay mucha demanda. Inténtalo de nuevo ${wait ?? "en un momento"}.`,
    ORIGIN_ERROR: "El servicio no dio una respuesta correcta. Inténtalo de nuevo.",
    ORIGIN_UNAVAILABLE: ({ wait }) => `No se puede acceder al servicio. Inténtalo de nuevo ${wait ?? "en un momento"}.`,
    ORIGIN_TIMEOUT: "El servicio tardó demasiado. Inténtalo de nuevo.",
  },
  notAuthorized: {
    signUp: "Ahora no puedes iniciar sesión con este número. Contacta con el servicio de ayuda.",
    signIn: "Este código ya no sirve. Pide uno nuevo.",
  },
  unknownProblem: "Ha ocurrido algo inesperado. Inténtalo de nuevo.",
  network: "No podemos conectar con el servidor. Revisa tu conexión; lo intentaremos de nuevo cuando vuelva.",
  requestId: "Referencia para el servicio de ayuda:",
};
