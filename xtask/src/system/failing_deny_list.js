// The worker with a deny list that fails when a test wants it to. Before each use the address DENY_LIST_FAULT is asked:
// an error there is an error here, and no answer there none here. Usually nobody listens, and all is well.
import worker from "./bundle.js";

async function obey(address) {
  let answer;
  try {
    answer = await fetch(address);
    await answer.arrayBuffer();
  } catch {
    return;
  }
  if (!answer.ok) throw new Error("the deny list fails because a test wants it to");
}

function failing(namespace, address) {
  const obeying = (method) => async (...given) => {
    await obey(address);
    return namespace[method](...given);
  };
  return { get: obeying("get"), put: obeying("put") };
}

export default {
  fetch(request, env, context) {
    const DENY_LIST = failing(env.DENY_LIST, env.DENY_LIST_FAULT);
    return worker.fetch(request, { ...env, DENY_LIST }, context);
  },
};
