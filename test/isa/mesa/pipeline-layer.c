// A Vulkan layer that keeps what a driver's compiler makes of compute pipelines (VK_KHR_pipeline_executable_properties).
// For each pipeline it writes into the folder $WGRAD_ISA_OUT, under the name that the file `current` there holds:
//   NAME.spv   the SPIR-V that Dawn gave
//   NAME.json  {"executables": [{"subgroupSize", "statistics"}]}
//   NAME.asm   the assembly, or with $WGRAD_ISA_PRINTED what the driver printed while it compiled
// Everything else goes through to the driver. Dawn makes one device and compiles one pipeline at a time here.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vulkan/vk_layer.h>
#include <vulkan/vulkan.h>

static struct {
  VkInstance instance;
  PFN_vkGetInstanceProcAddr instance_proc;
  PFN_vkGetDeviceProcAddr device_proc;
  VkBool32 tells; // the device tells of its pipelines
} next;

#define OF_DEVICE(device, name) ((PFN_##name)next.device_proc(device, #name))

// The shader modules that are alive: Dawn may hand SPIR-V over in a module or with the pipeline.
struct module {
  VkShaderModule handle;
  size_t bytes;
  void *words;
  struct module *older;
};
static struct module *modules;

static FILE *open_out(const char *suffix, const char *mode) {
  static char name[512];
  char path[2048];
  const char *folder = getenv("WGRAD_ISA_OUT");
  if (!folder) return NULL;
  snprintf(path, sizeof path, "%s/current", folder);
  FILE *current = fopen(path, "r");
  if (!current) return NULL;
  name[fread(name, 1, sizeof name - 1, current)] = 0;
  fclose(current);
  snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
  return fopen(path, mode);
}

static VKAPI_ATTR VkResult VKAPI_CALL make_module(VkDevice device, const VkShaderModuleCreateInfo *info,
                                                  const VkAllocationCallbacks *allocator, VkShaderModule *handle) {
  VkResult result = OF_DEVICE(device, vkCreateShaderModule)(device, info, allocator, handle);
  if (result != VK_SUCCESS) return result;
  struct module *made = malloc(sizeof *made);
  *made = (struct module){*handle, info->codeSize, malloc(info->codeSize), modules};
  memcpy(made->words, info->pCode, info->codeSize);
  modules = made;
  return result;
}

static VKAPI_ATTR void VKAPI_CALL drop_module(VkDevice device, VkShaderModule handle, const VkAllocationCallbacks *allocator) {
  for (struct module **at = &modules; *at; at = &(*at)->older) {
    if ((*at)->handle != handle) continue;
    struct module *dropped = *at;
    *at = dropped->older;
    free(dropped->words);
    free(dropped);
    break;
  }
  OF_DEVICE(device, vkDestroyShaderModule)(device, handle, allocator);
}

static void write_spirv(const VkPipelineShaderStageCreateInfo *stage) {
  const void *words = NULL;
  size_t bytes = 0;
  for (struct module *each = modules; each; each = each->older)
    if (stage->module && each->handle == stage->module) words = each->words, bytes = each->bytes;
  for (const VkBaseInStructure *more = stage->pNext; more && !words; more = more->pNext)
    if (more->sType == VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO) {
      words = ((const VkShaderModuleCreateInfo *)more)->pCode;
      bytes = ((const VkShaderModuleCreateInfo *)more)->codeSize;
    }
  FILE *out = words ? open_out(".spv", "wb") : NULL;
  if (!out) return;
  fwrite(words, 1, bytes, out);
  fclose(out);
}

// The names of statistics are the driver's; none holds a quote or a backslash.
static void write_statistics(VkDevice device, const VkPipelineExecutableInfoKHR *executable, FILE *out) {
  uint32_t count = 0;
  PFN_vkGetPipelineExecutableStatisticsKHR get = OF_DEVICE(device, vkGetPipelineExecutableStatisticsKHR);
  get(device, executable, &count, NULL);
  VkPipelineExecutableStatisticKHR *all = calloc(count + 1, sizeof *all);
  for (uint32_t i = 0; i < count; i++) all[i].sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_STATISTIC_KHR;
  get(device, executable, &count, all);
  for (uint32_t i = 0; i < count; i++) {
    double value = all[i].value.f64;
    if (all[i].format == VK_PIPELINE_EXECUTABLE_STATISTIC_FORMAT_BOOL32_KHR) value = all[i].value.b32;
    if (all[i].format == VK_PIPELINE_EXECUTABLE_STATISTIC_FORMAT_INT64_KHR) value = (double)all[i].value.i64;
    if (all[i].format == VK_PIPELINE_EXECUTABLE_STATISTIC_FORMAT_UINT64_KHR) value = (double)all[i].value.u64;
    fprintf(out, "%s\"%s\":%.17g", i ? "," : "", all[i].name, value);
  }
  free(all);
}

static void write_assembly(VkDevice device, const VkPipelineExecutableInfoKHR *executable) {
  uint32_t count = 0;
  PFN_vkGetPipelineExecutableInternalRepresentationsKHR get =
      OF_DEVICE(device, vkGetPipelineExecutableInternalRepresentationsKHR);
  get(device, executable, &count, NULL);
  VkPipelineExecutableInternalRepresentationKHR *all = calloc(count + 1, sizeof *all);
  for (uint32_t i = 0; i < count; i++) all[i].sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INTERNAL_REPRESENTATION_KHR;
  get(device, executable, &count, all); // sizes
  for (uint32_t i = 0; i < count; i++) all[i].pData = calloc(all[i].dataSize + 1, 1);
  get(device, executable, &count, all);
  for (uint32_t i = 0; i < count; i++) {
    FILE *out = strstr(all[i].name, "ssembly") ? open_out(".asm", "wb") : NULL;
    if (out) {
      fputs(all[i].pData, out);
      fclose(out);
    }
    free(all[i].pData);
  }
  free(all);
}

static void write_pipeline(VkDevice device, VkPipeline pipeline) {
  FILE *out = open_out(".json", "wb");
  if (!out) return;
  uint32_t count = 0;
  VkPipelineInfoKHR which = {VK_STRUCTURE_TYPE_PIPELINE_INFO_KHR, NULL, pipeline};
  PFN_vkGetPipelineExecutablePropertiesKHR get = OF_DEVICE(device, vkGetPipelineExecutablePropertiesKHR);
  get(device, &which, &count, NULL);
  VkPipelineExecutablePropertiesKHR *all = calloc(count + 1, sizeof *all);
  for (uint32_t i = 0; i < count; i++) all[i].sType = VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_PROPERTIES_KHR;
  get(device, &which, &count, all);
  fputs("{\"executables\":[", out);
  for (uint32_t i = 0; i < count; i++) {
    VkPipelineExecutableInfoKHR executable = {VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INFO_KHR, NULL, pipeline, i};
    fprintf(out, "%s{\"subgroupSize\":%u,\"statistics\":{", i ? "," : "", all[i].subgroupSize);
    write_statistics(device, &executable, out);
    fputs("}}", out);
    write_assembly(device, &executable);
  }
  fputs("]}\n", out);
  fclose(out);
  free(all);
}

// Sends what the process prints into the assembly's file, or back.
static void redirect(int saved[2]) {
  fflush(NULL);
  for (int stream = 1; stream <= 2; stream++) {
    dup2(saved[stream - 1], stream);
    close(saved[stream - 1]);
  }
}

static VKAPI_ATTR VkResult VKAPI_CALL make_pipelines(VkDevice device, VkPipelineCache cache, uint32_t count,
                                                     const VkComputePipelineCreateInfo *infos,
                                                     const VkAllocationCallbacks *allocator, VkPipeline *pipelines) {
  (void)cache; // NVIDIA's driver cannot serialise pipelines that are captured: Dawn would lose the device
  VkComputePipelineCreateInfo *captured = calloc(count + 1, sizeof *captured);
  for (uint32_t i = 0; i < count; i++) {
    captured[i] = infos[i];
    if (next.tells)
      captured[i].flags |=
          VK_PIPELINE_CREATE_CAPTURE_STATISTICS_BIT_KHR | VK_PIPELINE_CREATE_CAPTURE_INTERNAL_REPRESENTATIONS_BIT_KHR;
  }
  FILE *printed = getenv("WGRAD_ISA_PRINTED") ? open_out(".asm", "wb") : NULL;
  int streams[2] = {dup(1), dup(2)};
  if (printed) redirect((int[2]){dup(fileno(printed)), dup(fileno(printed))});
  VkResult result =
      OF_DEVICE(device, vkCreateComputePipelines)(device, VK_NULL_HANDLE, count, captured, allocator, pipelines);
  redirect(streams);
  if (printed) fclose(printed);
  free(captured);
  for (uint32_t i = 0; i < count && result == VK_SUCCESS && next.tells; i++) {
    write_spirv(&infos[i].stage);
    write_pipeline(device, pipelines[i]);
  }
  return result;
}

// The loader's link for a layer below ours, which the chain must be moved past.
static VkLayerInstanceCreateInfo *instance_link(const void *chain) {
  VkLayerInstanceCreateInfo *link = (void *)chain;
  while (link->sType != VK_STRUCTURE_TYPE_LOADER_INSTANCE_CREATE_INFO || link->function != VK_LAYER_LINK_INFO)
    link = (void *)link->pNext;
  return link;
}

static VkLayerDeviceCreateInfo *device_link(const void *chain) {
  VkLayerDeviceCreateInfo *link = (void *)chain;
  while (link->sType != VK_STRUCTURE_TYPE_LOADER_DEVICE_CREATE_INFO || link->function != VK_LAYER_LINK_INFO)
    link = (void *)link->pNext;
  return link;
}

static VKAPI_ATTR VkResult VKAPI_CALL make_instance(const VkInstanceCreateInfo *info, const VkAllocationCallbacks *allocator,
                                                    VkInstance *instance) {
  VkLayerInstanceCreateInfo *link = instance_link(info->pNext);
  next.instance_proc = link->u.pLayerInfo->pfnNextGetInstanceProcAddr;
  link->u.pLayerInfo = link->u.pLayerInfo->pNext;
  VkResult result = ((PFN_vkCreateInstance)next.instance_proc(NULL, "vkCreateInstance"))(info, allocator, instance);
  if (result == VK_SUCCESS) next.instance = *instance;
  return result;
}

static VkBool32 tells_of_pipelines(VkPhysicalDevice physical) {
  PFN_vkEnumerateDeviceExtensionProperties list =
      (PFN_vkEnumerateDeviceExtensionProperties)next.instance_proc(next.instance, "vkEnumerateDeviceExtensionProperties");
  uint32_t count = 0;
  list(physical, NULL, &count, NULL);
  VkExtensionProperties *all = calloc(count + 1, sizeof *all);
  list(physical, NULL, &count, all);
  VkBool32 found = VK_FALSE;
  for (uint32_t i = 0; i < count; i++)
    if (!strcmp(all[i].extensionName, VK_KHR_PIPELINE_EXECUTABLE_PROPERTIES_EXTENSION_NAME)) found = VK_TRUE;
  free(all);
  return found;
}

static VKAPI_ATTR VkResult VKAPI_CALL make_device(VkPhysicalDevice physical, const VkDeviceCreateInfo *info,
                                                  const VkAllocationCallbacks *allocator, VkDevice *device) {
  VkLayerDeviceCreateInfo *link = device_link(info->pNext);
  next.device_proc = link->u.pLayerInfo->pfnNextGetDeviceProcAddr;
  PFN_vkGetInstanceProcAddr instance_proc = link->u.pLayerInfo->pfnNextGetInstanceProcAddr;
  link->u.pLayerInfo = link->u.pLayerInfo->pNext;
  next.tells = tells_of_pipelines(physical);

  VkPhysicalDevicePipelineExecutablePropertiesFeaturesKHR feature = {
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PIPELINE_EXECUTABLE_PROPERTIES_FEATURES_KHR, (void *)info->pNext, VK_TRUE};
  VkDeviceCreateInfo asked = *info;
  const char **names = calloc(info->enabledExtensionCount + 1, sizeof *names);
  memcpy(names, info->ppEnabledExtensionNames, info->enabledExtensionCount * sizeof *names);
  if (next.tells) {
    names[asked.enabledExtensionCount++] = VK_KHR_PIPELINE_EXECUTABLE_PROPERTIES_EXTENSION_NAME;
    asked.ppEnabledExtensionNames = names;
    asked.pNext = &feature;
  }
  PFN_vkCreateDevice make = (PFN_vkCreateDevice)instance_proc(next.instance, "vkCreateDevice");
  VkResult result = make(physical, &asked, allocator, device);
  free(names);
  return result;
}

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL device_proc(VkDevice device, const char *name);
static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL instance_proc(VkInstance instance, const char *name);

static const struct {
  const char *name;
  PFN_vkVoidFunction function;
} ours[] = {
    {"vkGetInstanceProcAddr", (PFN_vkVoidFunction)instance_proc},
    {"vkGetDeviceProcAddr", (PFN_vkVoidFunction)device_proc},
    {"vkCreateInstance", (PFN_vkVoidFunction)make_instance},
    {"vkCreateDevice", (PFN_vkVoidFunction)make_device},
    {"vkCreateShaderModule", (PFN_vkVoidFunction)make_module},
    {"vkDestroyShaderModule", (PFN_vkVoidFunction)drop_module},
    {"vkCreateComputePipelines", (PFN_vkVoidFunction)make_pipelines},
};

static PFN_vkVoidFunction our_proc(const char *name) {
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
    if (!strcmp(ours[i].name, name)) return ours[i].function;
  return NULL;
}

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL device_proc(VkDevice device, const char *name) {
  PFN_vkVoidFunction found = our_proc(name);
  return found ? found : next.device_proc(device, name);
}

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL instance_proc(VkInstance instance, const char *name) {
  PFN_vkVoidFunction found = our_proc(name);
  if (found || !next.instance_proc) return found;
  return next.instance_proc(instance, name);
}

__attribute__((visibility("default"))) VKAPI_ATTR VkResult VKAPI_CALL
vkNegotiateLoaderLayerInterfaceVersion(VkNegotiateLayerInterface *interface) {
  interface->loaderLayerInterfaceVersion = 2;
  interface->pfnGetInstanceProcAddr = instance_proc;
  interface->pfnGetDeviceProcAddr = device_proc;
  interface->pfnGetPhysicalDeviceProcAddr = NULL;
  return VK_SUCCESS;
}
