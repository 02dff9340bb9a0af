BB11:
	s_add_u32 s13, s13, 32
BB1:
	s_delay_alu instid0(SALU_CYCLE_1)
	s_cmp_ge_u32 s13, s17
	s_cbranch_scc1 BB12
BB3:
	ds_store_b128 v52, v[56:59]
	ds_store_b128 v52, v[56:59] offset:128
	ds_store_b128 v52, v[32:35] offset:256
	ds_store_b128 v52, v[20:23] offset:384
	ds_store_b128 v53, v[44:47] offset:4096
	ds_store_b128 v53, v[48:51] offset:4224
	ds_store_b128 v53, v[40:43] offset:4352
	ds_store_b128 v53, v[36:39] offset:4480
	s_branch BB4
BB8:
	s_add_u32 s23, s23, 1
BB4:
	s_delay_alu instid0(SALU_CYCLE_1)
	s_cmp_ge_u32 s23, s34
	s_cbranch_scc1 BB9
BB6:
	s_lshl_b32 s24, s23, 3
	v_and_b32_e32 v24, 0x3fffffff, v0
	v_add_nc_u32_e32 v20, s24, v4
	s_delay_alu instid0(VALU_DEP_2) | instskip(SKIP_1) | instid1(VALU_DEP_2)
	v_add_nc_u32_e32 v24, s24, v24
	v_min_u32_e32 v20, 0xff, v20
	v_min_u32_e32 v24, 0xff, v24
	v_lshlrev_b32_e32 v20, 4, v20
	s_delay_alu instid0(VALU_DEP_2)
	v_lshlrev_b32_e32 v24, 4, v24
	ds_load_b64 v[22:23], v20 offset:4096
	ds_load_b64 v[20:21], v20 offset:4104
	ds_load_b64 v[26:27], v24
	ds_load_b64 v[24:25], v24 offset:8
	s_cmp_eq_i32 s15, 0
	s_delay_alu instid0(SALU_CYCLE_1) | instskip(SKIP_1) | instid1(SALU_CYCLE_1)
	s_sub_i32 s14, s14, src_scc
	s_add_u32 s15, s15, -1
	s_max_u32 s25, s14, s15
	s_delay_alu instid0(SALU_CYCLE_1)
	s_cmp_eq_i32 s25, 0
	s_waitcnt lgkmcnt(1)
	v_fmac_f32_e32 v6, v23, v26
	v_fmac_f32_e32 v10, v23, v27
	v_fmac_f32_e32 v9, v20, v27
	v_fmac_f32_e32 v8, v21, v27
	v_fmac_f32_e32 v7, v22, v26
	v_fmac_f32_e32 v11, v22, v27
	v_fmac_f32_e32 v5, v20, v26
	v_fmac_f32_e32 v2, v21, v26
	s_waitcnt lgkmcnt(0)
	v_fmac_f32_e32 v16, v21, v25
	v_fmac_f32_e32 v15, v22, v24
	v_fmac_f32_e32 v14, v23, v24
	v_fmac_f32_e32 v13, v20, v24
	v_fmac_f32_e32 v12, v21, v24
	v_fmac_f32_e32 v19, v22, v25
	v_fmac_f32_e32 v18, v23, v25
	v_fmac_f32_e32 v17, v20, v25
	s_cbranch_scc0 BB8
BB9:
	s_cmp_eq_i32 s12, 0
	s_delay_alu instid0(SALU_CYCLE_1) | instskip(SKIP_1) | instid1(SALU_CYCLE_1)
	s_sub_i32 s7, s7, src_scc
	s_add_u32 s12, s12, -1
	s_max_u32 s14, s7, s12
	s_delay_alu instid0(SALU_CYCLE_1)
	s_cmp_eq_i32 s14, 0
	s_cbranch_scc0 BB11
BB12:
	s_endpgm
