// The module that workerd loads. It hands each event to the wasm module's export of the same name.
//
// A plain object: workerd calls its methods with (request, env, context). A class behind a Proxy, as worker-build
// generates it, made small requests up to a third slower when measured.
import * as worker from "./index.js";

const state = worker.__worker_init_state();

// After a panic the wasm instance's memory is in an unknown state, so the next event gets a new instance.
// The flag is set by the panic hook of the `worker` crate.
function ready() {
  if (state.criticalError) {
    worker.__wbg_reset_state();
    state.criticalError = false;
  }
  return worker;
}

export default {
  fetch(request, env, context) {
    return ready().fetch(request, env, context);
  },
};
