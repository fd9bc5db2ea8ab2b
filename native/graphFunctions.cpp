// Recorded steps, as JavaScript has them: see lib/graph/.
#include "functions.h"
#include "graphRecorder.h"

#include <ATen/autocast_mode.h>

namespace litorch {
namespace {

// Marks our own wrappers, so that another addon's object is an error and not a crash.
constexpr napi_type_tag kTag = {0x6c69746f72636852, 0x65706c6179737465};

// What a JavaScript object holds: empty once the step has been disposed.
struct Holder {
  std::shared_ptr<Graph> graph;
};

Holder& holderOf(Arguments& arguments, size_t i) {
  const napi_env env = arguments.environment.env;
  bool ours = false;
  void* holder = nullptr;
  if (napi_check_object_type_tag(env, arguments[i], &kTag, &ours) != napi_ok || !ours ||
      napi_unwrap(env, arguments[i], &holder) != napi_ok) {
    throw ArgumentError("expected a recorded step");
  }
  return *static_cast<Holder*>(holder);
}

std::shared_ptr<Graph> graphOf(Arguments& arguments, size_t i) {
  auto graph = holderOf(arguments, i).graph;
  if (graph == nullptr) throw StaleHandle("the recorded step has been disposed");
  return graph;
}

// Within autocast operators are not what has been recorded.
void checkPrecision() {
  for (const c10::DeviceType type : {c10::DeviceType::CPU, c10::DeviceType::CUDA}) {
    TORCH_CHECK(!at::autocast::is_autocast_enabled(type), "a step cannot be recorded or replayed within autocast");
  }
}

double callForNumber(Environment& environment, napi_value function, int32_t number) {
  const napi_env env = environment.env;
  napi_handle_scope scope;
  napi_open_handle_scope(env, &scope);
  const napi_value argument = makeNumber(env, number);
  napi_value receiver;
  napi_get_undefined(env, &receiver);
  napi_value result = nullptr;
  double value = 0;
  const bool called = napi_call_function(env, receiver, function, 1, &argument, &result) == napi_ok &&
                      napi_get_value_double(env, result, &value) == napi_ok;
  napi_close_handle_scope(env, scope);
  if (!called) {
    napi_value error = nullptr;
    bool pending = false;
    napi_is_exception_pending(env, &pending);
    if (pending) napi_get_and_clear_last_exception(env, &error);
    TORCH_CHECK(error != nullptr, "a number of a recorded step could not be computed");
    throw JavaScriptError(environment, error);
  }
  return value;
}

}  // namespace

// (inputs)
napi_value beginRecording(Arguments& arguments) {
  Environment& environment = arguments.environment;
  TORCH_CHECK(environment.recorder == nullptr, "a step is being recorded already");
  checkPrecision();
  environment.recorder = std::make_unique<Recorder>(environment, arguments.tensors(0));
  return nullptr;
}

napi_value abandonRecording(Arguments& arguments) {
  arguments.environment.recorder.reset();
  arguments.environment.pausedRecorder.reset();
  return nullptr;
}

// (outputs): [the recorded step, what it has captured, how many operations it has]. Ends the recording in any case.
napi_value endRecording(Arguments& arguments) {
  Environment& environment = arguments.environment;
  const std::unique_ptr<Recorder> recorder = std::move(environment.recorder);
  TORCH_CHECK(recorder != nullptr, "no step is being recorded");
  auto holder = std::make_unique<Holder>();
  holder->graph = recorder->finish(arguments.tensors(0));
  const Graph& graph = *holder->graph;
  const napi_env env = environment.env;
  napi_value object;
  napi_create_object(env, &object);
  napi_type_tag_object(env, object, &kTag);
  const auto destroy = [](napi_env, void* data, void*) { delete static_cast<Holder*>(data); };
  if (napi_wrap(env, object, holder.get(), destroy, nullptr, nullptr) == napi_ok) {
    [[maybe_unused]] const Holder* held = holder.release();
  }
  std::vector<at::Tensor> captured;
  captured.reserve(graph.captured.size());
  for (const Captured& known : graph.captured) captured.push_back(known.tensor);
  napi_value result;
  napi_create_array_with_length(env, 3, &result);
  napi_set_element(env, result, 0, object);
  napi_set_element(env, result, 1, exposeTensors(environment, std::move(captured)));
  napi_set_element(env, result, 2, makeNumber(env, static_cast<double>(graph.instructions.size())));
  return result;
}

// (step, handles): the handles of what it has captured, by which a replay knows that it is alive.
napi_value watchCaptured(Arguments& arguments) {
  Graph& graph = *graphOf(arguments, 0);
  const napi_env env = arguments.environment.env;
  const uint32_t count = arrayLength(env, arguments[1]);
  if (count != graph.captured.size()) throw ArgumentError("not the tensors of this step");
  for (uint32_t i = 0; i < count; i++) graph.captured[i].handle = toHandle(env, arrayElement(env, arguments[1], i));
  return nullptr;
}

// (step, step): what differs, or an empty string.
napi_value recordingDifference(Arguments& arguments) {
  return makeString(arguments.environment.env, graphOf(arguments, 0)->difference(*graphOf(arguments, 1)));
}

// (step, inputs): throws where the inputs, or the surroundings, are not those of the recording.
napi_value checkReplay(Arguments& arguments) {
  graphOf(arguments, 0)->check(arguments.environment, arguments.tensors(1));
  return nullptr;
}

// (step, inputs, live): the tensors that the function returned. `live` gives a number by its number.
napi_value replayRecording(Arguments& arguments) {
  Environment& environment = arguments.environment;
  checkPrecision();
  // Held, since a hook may dispose the step.
  const std::shared_ptr<Graph> graph = graphOf(arguments, 0);
  const auto live = [&](int32_t number) { return callForNumber(environment, arguments[2], number); };
  return exposeTensors(environment, graph->replay(environment, arguments.tensors(1), live));
}

// (whether): between the two nothing is recorded.
napi_value pauseRecording(Arguments& arguments) {
  Environment& environment = arguments.environment;
  if (arguments.boolean(0)) {
    environment.pausedRecorder = std::move(environment.recorder);
  } else {
    environment.recorder = std::move(environment.pausedRecorder);
  }
  return nullptr;
}

// (number): the next operator has it, and later another in its place.
napi_value expectLive(Arguments& arguments) {
  const auto& recorder = arguments.environment.recorder;
  TORCH_CHECK(recorder != nullptr, "no step is being recorded");
  recorder->expectLive(arguments.number(0));
  return nullptr;
}

napi_value releaseRecording(Arguments& arguments) {
  const std::shared_ptr<Graph> graph = std::move(holderOf(arguments, 0).graph);
  return nullptr;
}

}  // namespace litorch
