// The module that workerd loads. It hands each event to the wasm module's export of the same name.
//
// A plain object: workerd calls its methods with (request, env, context). A class behind a Proxy, as worker-build
// generates it, made small requests up to a third slower when measured.
import { DurableObject } from "cloudflare:workers";
import * as worker from "./index.js";

const state = worker.__worker_init_state();
let instances = 0;

// After a panic the wasm instance's memory is in an unknown state, so the next event gets a new instance.
// The flag is set by the panic hook of the `worker` crate.
function ready() {
  if (state.criticalError) {
    worker.__wbg_reset_state();
    state.criticalError = false;
    instances += 1;
  }
  return worker;
}

export default {
  fetch(request, env, context) {
    return ready().fetch(request, env, context);
  },
};

// A Guard lives as long as the platform lets it; its half in wasm as long as the wasm instance that it was made in. It keeps
// nothing in memory that it has not written down.
export class Guard extends DurableObject {
  #half;
  #instance;

  half() {
    const { Guard } = ready();
    if (this.#instance !== instances) {
      this.#half = new Guard(this.ctx, this.env);
      this.#instance = instances;
    }
    return this.#half;
  }

  async fetch(request) {
    return new Response(await this.half().ask(await request.text()));
  }

  alarm() {
    return this.half().alarm();
  }
}
