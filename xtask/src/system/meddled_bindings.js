// The worker with bindings that the tests can meddle with. Before each use an address is asked that the tests serve; usually
// nobody listens there, and all is as it is without.
//
//   DENY_LIST_FAULT  an error there is an error of the deny list, and no answer there is none here
//   GUARD_FAULT      likewise of the Guards as the worker sees them (not as they see each other); an answer {"delay": 150} is
//                    the way there and the way back, milliseconds each
//
// Data points, which a local worker has nowhere to write to, go into the log.
import worker, { Guard as ActualGuard } from "./bundle.js";

async function obey(address) {
  let answer;
  let text;
  try {
    answer = await fetch(address);
    text = await answer.text();
  } catch {
    return {};
  }
  if (!answer.ok) throw new Error("it fails because a test wants it to");
  return text.startsWith("{") ? JSON.parse(text) : {};
}

function failing(namespace, address) {
  const obeying = (method) => async (...given) => {
    await obey(address);
    return namespace[method](...given);
  };
  return { get: obeying("get"), put: obeying("put") };
}

function way(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function faraway(namespace, address) {
  return {
    getByName(name, options) {
      const stub = namespace.getByName(name, options);
      return {
        async fetch(...given) {
          const { delay = 0 } = await obey(`${address}?guard=${name.split("/")[0]}`);
          await way(delay);
          const answer = await stub.fetch(...given);
          await way(delay);
          return answer;
        },
      };
    },
  };
}

// There is no Analytics Engine on a developer's machine.
const ANALYTICS = { writeDataPoint: (point) => console.log(`data point ${JSON.stringify(point)}`) };

export class Guard extends ActualGuard {
  constructor(state, env) {
    super(state, { ...env, ANALYTICS });
  }
}

export default {
  fetch(request, env, context) {
    const meddled = { ...env, ANALYTICS };
    if (env.DENY_LIST_FAULT) meddled.DENY_LIST = failing(env.DENY_LIST, env.DENY_LIST_FAULT);
    if (env.GUARD_FAULT) meddled.GUARD = faraway(env.GUARD, env.GUARD_FAULT);
    return worker.fetch(request, meddled, context);
  },
};
