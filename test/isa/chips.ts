/** The makers of chips; each has a compiler of its own in Mesa. */
export type Vendor = 'amd' | 'nvidia' | 'qualcomm' | 'apple' | 'intel';

/** A chip that Mesa compiles for without having it. */
export interface Chip {
  readonly vendor: Vendor;
  /** Mesa's Vulkan driver, as its ICD file is called. */
  readonly driver: string;
  /** The kernel driver that the no-op library stands in for. */
  readonly kernel: string;
  /** Tells the no-op library which chip it is. */
  readonly environment: Readonly<Record<string, string>>;
  /** RDNA: Mesa counts waves of 32 lanes, Dawn asks for 64. */
  readonly halfWaves?: boolean;
}

const radeon = (id: string, halfWaves: boolean): Chip => ({
  vendor: 'amd',
  driver: 'radeon',
  kernel: 'amdgpu',
  environment: { AMDGPU_GPU_ID: id },
  halfWaves,
});
const geforce = (chipset: string): Chip => ({
  vendor: 'nvidia',
  driver: 'nouveau',
  kernel: 'nouveau',
  environment: { NOUVEAU_CHIPSET: chipset },
});
const adreno = (id: string): Chip => ({
  vendor: 'qualcomm',
  driver: 'freedreno',
  kernel: 'freedreno',
  environment: { FD_GPU_ID: id },
});
const intel = (platform: string): Chip => ({
  vendor: 'intel',
  driver: 'intel',
  kernel: 'intel',
  environment: { INTEL_STUB_GPU_PLATFORM: platform },
});

/** Every chip that was seen to work. The first ones are those of the table; of Intel see `--intel`. */
export const CHIPS: Readonly<Record<string, Chip>> = {
  navi21: radeon('navi21', true),
  navi31: radeon('navi31', true),
  ga102: geforce('0x172'),
  adreno730: adreno('730'),
  m1: {
    vendor: 'apple',
    driver: 'asahi',
    kernel: 'asahi',
    // The driver gives no assembly out; it prints it.
    environment: { AGX_MESA_DEBUG: 'shaders', WGRAD_ISA_PRINTED: '1' },
  },
  polaris10: radeon('polaris10', false),
  vega10: radeon('vega10', false),
  navi10: radeon('navi10', true),
  gfx1201: radeon('gfx1201', true),
  tu102: geforce('0x162'),
  adreno660: adreno('660'),
  adreno740: adreno('740'),
  adreno830: adreno('830'),
  tgl: intel('tgl'),
  dg2: intel('dg2'),
  bmg: intel('bmg'),
};

/** The chips of the table, one or two a vendor. */
export const TABLE_CHIPS: readonly string[] = Object.keys(CHIPS).slice(0, 5);
