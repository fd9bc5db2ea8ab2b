// The operators of cases.ts from C++, by libtorch's typed functions: what is left when nothing has to cross a boundary.
// Answers requests as work.py does: a line with `name n count` gives the seconds of so many calls; an unknown name
// gives a negative number. Built and asked by floor.ts.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <ctime>
#include <functional>
#include <iostream>
#include <map>
#include <string>

namespace {

struct Operands {
  explicit Operands(int64_t n)
      : n(n),
        a(at::randn({n, n})),
        b(at::randn({n, n})),
        mask(at::randn({n, n}).gt(0)),
        v(at::randn({n})),
        index(at::randint(0, n, {n}, at::kLong)),
        indices(at::randint(0, n, {n, n}, at::kLong)),
        row(at::randn({1, n})),
        batch(at::randn({4, std::min<int64_t>(n, 64), std::min<int64_t>(n, 64)})),
        out(at::ones({n, n})) {}
  int64_t n;
  at::Tensor a, b, mask, v, index, indices, row, batch, out;
};

using Work = std::function<void(Operands&, int64_t)>;

// The call is in the loop itself, as in a program.
#define CASE(name, call)                   \
  {name, [](Operands& x, int64_t count) {  \
     for (int64_t i = 0; i < count; i++) { \
       auto result = (call);               \
       (void)result;                       \
     }                                     \
   }}

const std::map<std::string, Work> cases = {
    CASE("neg", at::neg(x.a)),
    CASE("abs", x.a.abs()),
    CASE("exp", at::exp(x.a)),
    CASE("tanh", at::tanh(x.a)),
    CASE("sigmoid", at::sigmoid(x.a)),
    CASE("relu", at::relu(x.a)),
    CASE("clamp", x.a.clamp(-1, 1)),
    CASE("add", at::add(x.a, x.b)),
    CASE("add, alpha", at::add(x.a, x.b, 2)),
    CASE("add, broadcast", x.a.add(x.row)),
    CASE("sub", x.a.sub(x.b)),
    CASE("mul", x.a.mul(x.b)),
    CASE("div", x.a.div(x.b)),
    CASE("maximum", at::maximum(x.a, x.b)),
    CASE("where", at::where(x.mask, x.a, x.b)),
    CASE("add number", x.a.add(1)),
    CASE("mul number", x.a.mul(0.5)),
    CASE("pow number", x.a.pow(2)),
    CASE("eq", x.a.eq(x.b)),
    CASE("gt number", x.a.gt(0)),
    CASE("isnan", at::isnan(x.a)),
    CASE("sum", x.a.sum()),
    CASE("sum, dim", x.a.sum(1)),
    CASE("mean, dim, keepdim", x.a.mean(1, true)),
    CASE("max, dim", x.a.max(1)),
    CASE("argmax", x.a.argmax(1)),
    CASE("all", x.mask.all()),
    CASE("cumsum", x.a.cumsum(1)),
    CASE("view", x.a.view(-1)),
    CASE("reshape", x.a.reshape({1, x.n, x.n})),
    CASE("transpose", x.a.transpose(0, 1)),
    CASE("permute", x.batch.permute({2, 0, 1})),
    CASE("narrow", x.a.narrow(0, 1, 1)),
    CASE("select", x.a.select(0, 1)),
    CASE("unsqueeze", x.a.unsqueeze(0)),
    CASE("squeeze", x.row.squeeze(0)),
    CASE("expand", x.row.expand({x.n, x.n})),
    CASE("flatten", x.batch.flatten(1)),
    CASE("detach", x.a.detach()),
    CASE("T", x.a.numpy_T()),
    CASE("indexSelect", x.a.index_select(0, x.index)),
    CASE("gather", x.a.gather(1, x.indices)),
    CASE("maskedFill", x.a.masked_fill(x.mask, 0)),
    CASE("maskedSelect", x.a.masked_select(x.mask)),
    CASE("embedding", at::embedding(x.a, x.index)),
    CASE("matmul", at::matmul(x.a, x.b)),
    CASE("mm", at::mm(x.a, x.b)),
    CASE("mv", at::mv(x.a, x.v)),
    CASE("bmm", at::bmm(x.batch, x.batch)),
    CASE("addmm", at::addmm(x.v, x.a, x.b)),
    CASE("linear", at::linear(x.a, x.b, x.v)),
    CASE("zeros", at::zeros({x.n, x.n})),
    CASE("ones, spread", at::ones({x.n, x.n})),
    CASE("empty", at::empty({x.n, x.n})),
    CASE("full", at::full({x.n, x.n}, 3)),
    CASE("arange", at::arange(x.n* x.n)),
    CASE("zerosLike", at::zeros_like(x.a)),
    CASE("randn", at::randn({x.n, x.n})),
    CASE("add_", x.out.add_(x.b)),
    CASE("mul_ number", x.out.mul_(1.5)),
    CASE("zero_", x.out.zero_()),
    CASE("copy_", x.out.copy_(x.a)),
    CASE("add, out", at::add_out(x.out, x.a, x.b)),
    CASE("cat", at::cat({x.a, x.b})),
    CASE("stack", at::stack({x.a, x.b})),
    CASE("split", x.a.split(1)),
    CASE("chunk", x.a.chunk(2)),
    CASE("softmax", at::softmax(x.a, 1)),
    CASE("layerNorm", at::layer_norm(x.a, {x.n})),
    CASE("clone", x.a.clone()),
    CASE("to dtype", x.a.to(at::kDouble)),
    CASE("long", x.a.to(at::kLong)),
};

double clockSeconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

int main() {
  at::set_num_threads(1);
  at::manual_seed(0);
  std::map<int64_t, Operands> operands;
  std::string line;
  while (std::getline(std::cin, line)) {
    const size_t last = line.rfind(' ');
    const size_t first = line.rfind(' ', last - 1);
    const int64_t n = std::stoll(line.substr(first + 1));
    const int64_t count = std::stoll(line.substr(last + 1));
    const auto found = cases.find(line.substr(0, first));
    double seconds = -1;
    if (found != cases.end()) {
      Operands& x = operands.try_emplace(n, n).first->second;
      const double start = clockSeconds();
      found->second(x, count);
      seconds = clockSeconds() - start;
      x.out.fill_(1);
    }
    std::cout << "{\"seconds\": " << seconds << "}" << std::endl;
  }
}
