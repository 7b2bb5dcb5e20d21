package org.lugha.models;

/** What the weights of a loaded model are for. */
public enum Access {
    /** They stay as they are: mapped from the file where their type allows, never copied. */
    FROZEN,
    /** They are trained: copied into memory of the device. */
    TRAINED,
    /** They are trained: mapped copy-on-write where their type and the device allow. */
    TRAINED_MAPPED
}
