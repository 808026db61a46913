#include "peak.h"

#include "product.h"

#include <benchmark/benchmark.h>

namespace {

constexpr int rounds = 1000;
constexpr int chains = 12; // a multiply-add takes 4 cycles and two can start in each: 8 or more

// Each chain has another number, or the compiler would compute one for all.
#define SPIN_WITH(bytes)                                                                           \
    typedef float Lanes __attribute__((vector_size(bytes)));                                       \
    const Lanes factor = Lanes{} + 0.999F, more = Lanes{} + 0.001F;                                \
    Lanes sums[chains];                                                                            \
    for (int chain = 0; chain < chains; ++chain)                                                   \
        sums[chain] = Lanes{} + static_cast<float>(chain);                                         \
    for (int round = 0; round < rounds; ++round) {                                                 \
        _Pragma("GCC unroll 16") for (Lanes & sum : sums) sum = sum * factor + more;               \
    }                                                                                              \
    for (Lanes & sum : sums)                                                                       \
        benchmark::DoNotOptimize(sum);                                                             \
    return std::int64_t{2} * rounds * chains * (bytes) / 4;

std::int64_t spin_narrow() {
    SPIN_WITH(16)
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) std::int64_t spin_avx2() {
    SPIN_WITH(32)
}
__attribute__((target("avx512f"))) std::int64_t spin_avx512() {
    SPIN_WITH(64)
}
#endif

} // namespace

std::int64_t multiply_and_add_in_registers() {
#if defined(__x86_64__)
    if (whirlygig::product_vector_bytes() == 64) return spin_avx512();
    if (whirlygig::product_vector_bytes() == 32) return spin_avx2();
#endif
    return spin_narrow();
}
