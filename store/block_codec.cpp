#include "store/block_codec.h"

#include <new>
#include <string>
#include <utility>

// For ZSTD_c_forceAttachDict and the trainer of which each parameter is known.
#define ZSTD_STATIC_LINKING_ONLY
#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>
#include <zstd.h>

namespace trailsift::store {
namespace {

/// What the parameters begin with, which depend on the dictionary's size.
constexpr int kLevel = 3;

/// The fastest strategy, with tables that hold a dictionary (those of level 1 do not) and matches
/// of at least seven bytes: records repeat keys and values, not letters. Within a hundredth of the
/// size that level 3 gives, in five sixths of its time.
ZSTD_compressionParameters encoder_parameters(std::size_t dictionary_bytes) {
  ZSTD_compressionParameters parameters =
      ZSTD_getCParams(kLevel, ZSTD_CONTENTSIZE_UNKNOWN, dictionary_bytes);
  parameters.strategy = ZSTD_fast;
  parameters.hashLog = 15;
  parameters.minMatch = 7;
  parameters.targetLength = 0;
  return parameters;
}

/// Far faster than what ZDICT_trainFromBuffer() tries, and as good.
ZDICT_fastCover_params_t trainer_parameters() {
  ZDICT_fastCover_params_t parameters{};
  parameters.k = 2000;
  parameters.d = 8;
  parameters.f = 20;
  parameters.accel = 10;
  parameters.splitPoint = 1.0;
  parameters.zParams.compressionLevel = kLevel;
  return parameters;
}

struct FreeZstd {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  void operator()(ZSTD_CDict* dictionary) const { ZSTD_freeCDict(dictionary); }
  void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
};

template <class T>
using ZstdPtr = std::unique_ptr<T, FreeZstd>;

/// zstd fails to make a context or a dictionary only for want of memory.
template <class T>
ZstdPtr<T> owned(T* object) {
  if (object == nullptr) throw std::bad_alloc();
  return ZstdPtr<T>(object);
}

/// Making a context is as expensive as decoding a block, so each thread keeps its own.
ZSTD_DCtx* thread_context() {
  thread_local const ZstdPtr<ZSTD_DCtx> kContext = owned(ZSTD_createDCtx());
  return kContext.get();
}

}  // namespace

std::string train_dictionary(std::string_view samples, std::span<const std::size_t> sizes,
                             std::size_t max_bytes) {
  std::string dictionary(max_bytes, '\0');
  const std::size_t size = ZDICT_trainFromBuffer_fastCover(
      dictionary.data(), dictionary.size(), samples.data(), sizes.data(),
      static_cast<unsigned>(sizes.size()), trainer_parameters());
  if (ZDICT_isError(size) != 0) return std::string(samples.substr(0, max_bytes));
  dictionary.resize(size);
  return dictionary;
}

struct BlockEncoder::State {
  ZstdPtr<ZSTD_CCtx> context;
  ZstdPtr<ZSTD_CDict> dictionary;
  std::vector<std::byte> out;
};

BlockEncoder::BlockEncoder(std::span<const std::byte> dictionary)
    : state_(std::make_unique<State>()) {
  state_->context = owned(ZSTD_createCCtx());
  state_->dictionary =
      owned(ZSTD_createCDict_advanced(dictionary.data(), dictionary.size(), ZSTD_dlm_byCopy,
                                      ZSTD_dct_auto, encoder_parameters(dictionary.size()), {}));
  ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_checksumFlag, 1);
  // Copying the dictionary's tables for each block, the default, takes as long as the block.
  ZSTD_CCtx_setParameter(state_->context.get(), ZSTD_c_forceAttachDict, ZSTD_dictForceAttach);
  ZSTD_CCtx_refCDict(state_->context.get(), state_->dictionary.get());
}

BlockEncoder::BlockEncoder(BlockEncoder&& other) noexcept = default;
BlockEncoder& BlockEncoder::operator=(BlockEncoder&& other) noexcept = default;
BlockEncoder::~BlockEncoder() = default;

Result<std::span<const std::byte>> BlockEncoder::encode(std::span<const std::byte> raw) {
  auto& out = state_->out;
  out.resize(ZSTD_compressBound(raw.size()));
  const std::size_t size =
      ZSTD_compress2(state_->context.get(), out.data(), out.size(), raw.data(), raw.size());
  if (ZSTD_isError(size) != 0) {
    return fail(ErrorCode::internal,
                std::string("cannot compress records: ") + ZSTD_getErrorName(size));
  }
  return std::span<const std::byte>(out).first(size);
}

struct BlockDecoder::State {
  ZstdPtr<ZSTD_DDict> dictionary;
};

Result<BlockDecoder> BlockDecoder::create(std::span<const std::byte> dictionary) {
  auto state = std::make_unique<State>();
  // Null also for want of memory, but a dictionary takes little.
  state->dictionary.reset(ZSTD_createDDict(dictionary.data(), dictionary.size()));
  if (state->dictionary == nullptr) {
    return fail(ErrorCode::corrupt, "a dictionary of records cannot be read");
  }
  return BlockDecoder(std::move(state));
}

BlockDecoder::BlockDecoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
BlockDecoder::BlockDecoder(BlockDecoder&& other) noexcept = default;
BlockDecoder& BlockDecoder::operator=(BlockDecoder&& other) noexcept = default;
BlockDecoder::~BlockDecoder() = default;

Result<std::vector<std::byte>> BlockDecoder::decode(std::span<const std::byte> block,
                                                    std::size_t raw_size) const {
  std::vector<std::byte> raw(raw_size);
  const std::size_t size =
      ZSTD_decompress_usingDDict(thread_context(), raw.data(), raw.size(), block.data(),
                                 block.size(), state_->dictionary.get());
  if (ZSTD_isError(size) != 0 || size != raw_size) {
    return fail(ErrorCode::corrupt, "a block of records cannot be decompressed");
  }
  return raw;
}

}  // namespace trailsift::store
