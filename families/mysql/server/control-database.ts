/** Where each server keeps what is on record of its side. It is written past the log, but for the marker. */
export const controlDatabase = 'qianyun_control'
