# kernels_bench, added by kernels/CMakeLists.txt so that the room builds alone.
add_executable(kernels_bench ${CMAKE_CURRENT_LIST_DIR}/kernels_bench.cpp
  ${CMAKE_CURRENT_LIST_DIR}/busy_rows.cpp
  ${CMAKE_CURRENT_LIST_DIR}/gemm_rows.cpp
  ${CMAKE_CURRENT_LIST_DIR}/nbody_fast_math.cpp
  ${CMAKE_CURRENT_LIST_DIR}/nn_rows.cpp
  ${CMAKE_CURRENT_LIST_DIR}/render_rows.cpp
  ${CMAKE_CURRENT_LIST_DIR}/search_rows.cpp
  ${DATAGEN_KERNELS_DIR}/npy.cpp)
set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/nbody_fast_math.cpp PROPERTIES
  COMPILE_OPTIONS "-O3;-march=x86-64-v3;-ffast-math")
target_link_libraries(kernels_bench PRIVATE datagen_kernels datagen_kernels_warnings)
target_compile_definitions(kernels_bench PRIVATE
  DATAGEN_BENCH_MODELS="${CMAKE_CURRENT_LIST_DIR}/../../../config/models"
  DATAGEN_BENCH_SCRIPTS="${CMAKE_CURRENT_LIST_DIR}")
set_target_properties(kernels_bench PROPERTIES CXX_EXTENSIONS OFF
                      RUNTIME_OUTPUT_DIRECTORY ${DATAGEN_KERNELS_OUTPUT})
find_package(OpenSSL QUIET COMPONENTS Crypto)
if(OpenSSL_FOUND)
  target_link_libraries(kernels_bench PRIVATE OpenSSL::Crypto)
  target_compile_definitions(kernels_bench PRIVATE DATAGEN_BENCH_OPENSSL)
endif()
find_library(DATAGEN_OPENBLAS openblas)
find_path(DATAGEN_CBLAS_INCLUDE cblas.h PATH_SUFFIXES openblas openblas-pthread)
if(DATAGEN_OPENBLAS AND DATAGEN_CBLAS_INCLUDE)
  target_link_libraries(kernels_bench PRIVATE ${DATAGEN_OPENBLAS})
  target_compile_definitions(kernels_bench PRIVATE DATAGEN_BENCH_OPENBLAS)
  target_include_directories(kernels_bench SYSTEM PRIVATE ${DATAGEN_CBLAS_INCLUDE})
endif()
find_package(TBB QUIET)
if(TBB_FOUND)
  target_link_libraries(kernels_bench PRIVATE TBB::tbb)
  target_compile_definitions(kernels_bench PRIVATE DATAGEN_BENCH_TBB)
endif()
find_package(SQLite3 QUIET)
if(SQLite3_FOUND)
  target_sources(kernels_bench PRIVATE ${CMAKE_CURRENT_LIST_DIR}/fts5_index.cpp)
  target_link_libraries(kernels_bench PRIVATE SQLite::SQLite3)
  target_compile_definitions(kernels_bench PRIVATE DATAGEN_BENCH_SQLITE)
endif()
find_library(DATAGEN_SODIUM sodium)
find_path(DATAGEN_SODIUM_INCLUDE sodium.h)
if(DATAGEN_SODIUM AND DATAGEN_SODIUM_INCLUDE)
  target_sources(kernels_bench PRIVATE ${CMAKE_CURRENT_LIST_DIR}/signature_rows.cpp)
  target_link_libraries(kernels_bench PRIVATE ${DATAGEN_SODIUM})
  target_compile_definitions(kernels_bench PRIVATE DATAGEN_BENCH_SODIUM)
endif()
find_library(DATAGEN_EMBREE embree3)
find_path(DATAGEN_EMBREE_INCLUDE embree3/rtcore.h)
if(DATAGEN_EMBREE AND DATAGEN_EMBREE_INCLUDE)
  set(render ${DATAGEN_KERNELS_DIR}/render)
  target_sources(kernels_bench PRIVATE ${CMAKE_CURRENT_LIST_DIR}/embree_renderer.cpp
    ${render}/bvh.cpp ${render}/obj.cpp ${render}/scene.cpp)
  # What render.path is compiled with, for a processor like this one.
  set_source_files_properties(${CMAKE_CURRENT_LIST_DIR}/embree_renderer.cpp PROPERTIES
    COMPILE_OPTIONS "-O3;-march=x86-64-v3")
  target_link_libraries(kernels_bench PRIVATE ${DATAGEN_EMBREE})
  target_include_directories(kernels_bench SYSTEM PRIVATE ${DATAGEN_EMBREE_INCLUDE})
  target_compile_definitions(kernels_bench PRIVATE DATAGEN_BENCH_EMBREE)
endif()
